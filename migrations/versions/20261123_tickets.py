"""a local copy of the tickets

Revision ID: 7c02e5b91d46
Revises: 5c0f7be2a914
Create Date: 2026-11-23 22:04:31.118042

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '7c02e5b91d46'
down_revision = '5c0f7be2a914'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'tickets',
        sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('description', sa.Text(), nullable=False),
        sa.Column('status', sa.String(length=20), nullable=False),
        sa.Column('tags', sa.JSON(), nullable=False),
        sa.Column('priority', sa.String(length=20), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('requester_id', sa.BigInteger(), nullable=True),
        sa.Column('organization_id', sa.BigInteger(), nullable=True),
        sa.Column('group_id', sa.BigInteger(), nullable=True),
        sa.Column('brand_id', sa.BigInteger(), nullable=True),
        sa.Column('assignee_id', sa.BigInteger(), nullable=True),
        sa.Column('via_channel', sa.String(length=60), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('generated_timestamp', sa.BigInteger(), nullable=False),
        sa.Column('deleted', sa.Boolean(), nullable=False),
        sa.Column('analysed_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    )
    op.create_index('ix_tickets_created_at', 'tickets', ['created_at'])
    op.create_index('ix_tickets_updated_at', 'tickets', ['updated_at'])
    not_analysed = sa.text('analysed_at IS NULL')
    op.create_index(
        'ix_tickets_to_analyse', 'tickets', ['id'], sqlite_where=not_analysed, postgresql_where=not_analysed
    )
    op.create_table(
        'sync_state',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('turn', sa.BigInteger(), nullable=False),
        sa.Column('base_url', sa.String(length=255), nullable=False),
        sa.Column('is_clearing', sa.Boolean(), nullable=False),
        sa.Column('since', sa.BigInteger(), nullable=False),
        sa.Column('read_until', sa.BigInteger(), nullable=False),
        sa.Column('cursor', sa.Text(), nullable=True),
        sa.Column('restarted_at', sa.BigInteger(), nullable=True),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('pages', sa.Integer(), nullable=False),
        sa.Column('tickets', sa.Integer(), nullable=False),
        sa.Column('deleted', sa.Integer(), nullable=False),
        sa.Column('odd', sa.Integer(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sync_state')),
    )


def downgrade():
    op.drop_table('sync_state')
    op.drop_table('tickets')
