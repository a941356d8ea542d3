"""how fast a job went

Revision ID: 27d6c0e9f184
Revises: f3a85d20be71
Create Date: 2026-11-23 12:59:02.731906

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '27d6c0e9f184'
down_revision = 'f3a85d20be71'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('job_paces',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('settled', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_job_paces_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'since', name=op.f('pk_job_paces'))
    )


def downgrade():
    op.drop_table('job_paces')
