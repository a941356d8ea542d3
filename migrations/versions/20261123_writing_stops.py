"""times in which nothing is written to Zendesk

Revision ID: 2b7e94d1c0f8
Revises: 8e25a0f6c3d9
Create Date: 2026-11-23 19:31:52.118346

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '2b7e94d1c0f8'
down_revision = '8e25a0f6c3d9'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'writing_stops',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('began_by', sa.String(length=254), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('lifted_by', sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_writing_stops')),
    )
    op.create_index(op.f('ix_writing_stops_lifted_at'), 'writing_stops', ['lifted_at'])


def downgrade():
    op.drop_index(op.f('ix_writing_stops_lifted_at'), table_name='writing_stops')
    op.drop_table('writing_stops')
