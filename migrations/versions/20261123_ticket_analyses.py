"""what an analyser makes of tickets, and what that has cost

Revision ID: c7a94e1f0d38
Revises: e41c8a6d25f0
Create Date: 2026-11-23 22:04:31.557290

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'c7a94e1f0d38'
down_revision = '7c02e5b91d46'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'ticket_analyses',
        sa.Column('ticket_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('analyser', sa.String(length=40), nullable=False),
        sa.Column('summary', sa.Text(), nullable=False),
        sa.Column('area', sa.String(length=80), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=True),
        sa.Column('severity', sa.String(length=8), nullable=True),
        sa.Column('sentiment', sa.String(length=8), nullable=True),
        sa.Column('phrases', sa.JSON(), nullable=False),
        sa.Column('language', sa.String(length=8), nullable=False),
        sa.Column('confidences', sa.JSON(), nullable=False),
        sa.Column('analysed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('error_code', sa.String(length=16), nullable=True),
        sa.Column('ticket_stamp', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_analyses')),
    )
    op.create_index('ix_ticket_analyses_kind', 'ticket_analyses', ['kind'])
    op.create_index('ix_ticket_analyses_error_code', 'ticket_analyses', ['error_code'])
    op.create_table(
        'analysis_spending',
        sa.Column('month', sa.String(length=7), nullable=False),
        sa.Column('run_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('micro_dollars', sa.BigInteger(), nullable=False),
        sa.Column('calls', sa.Integer(), nullable=False),
        sa.Column('input_tokens', sa.BigInteger(), nullable=False),
        sa.Column('output_tokens', sa.BigInteger(), nullable=False),
        sa.Column('setbacks', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('month', 'run_id', name=op.f('pk_analysis_spending')),
    )


def downgrade():
    op.drop_table('analysis_spending')
    op.drop_index('ix_ticket_analyses_error_code', table_name='ticket_analyses')
    op.drop_index('ix_ticket_analyses_kind', table_name='ticket_analyses')
    op.drop_table('ticket_analyses')
