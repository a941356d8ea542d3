"""a second person's word on a plan

Revision ID: 8e25a0f6c3d9
Revises: d41c7be92f05
Create Date: 2026-11-23 19:02:17.118205

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8e25a0f6c3d9'
down_revision = 'd41c7be92f05'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'approvals',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('job_id', sa.Integer(), nullable=False),
        sa.Column('plan_digest', sa.String(length=64), nullable=False),
        sa.Column('asked_by_id', sa.Integer(), nullable=True),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('approved_by_id', sa.Integer(), nullable=True),
        sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rejected_by_id', sa.Integer(), nullable=True),
        sa.Column('rejected_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_approvals_job_id_jobs'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_approvals_asked_by_id_users'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['approved_by_id'], ['users.id'], name=op.f('fk_approvals_approved_by_id_users'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['rejected_by_id'], ['users.id'], name=op.f('fk_approvals_rejected_by_id_users'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals')),
        sa.UniqueConstraint('job_id', 'plan_digest', name=op.f('uq_approvals_job_id_plan_digest')),
    )


def downgrade():
    op.drop_table('approvals')
