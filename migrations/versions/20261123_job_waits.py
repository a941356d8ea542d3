"""when a job waited, and for what

Revision ID: f3a85d20be71
Revises: c19e4b7a62d0
Create Date: 2026-11-23 12:58:40.119482

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'f3a85d20be71'
down_revision = 'c19e4b7a62d0'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('job_waits',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_job_waits_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'number', name=op.f('pk_job_waits'))
    )


def downgrade():
    op.drop_table('job_waits')
