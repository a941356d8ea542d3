"""which jobs were made of an issue's tickets

Revision ID: 8d1f6b3ce57a
Revises: 4c9e17d2ab60
Create Date: 2026-11-23 23:18:20.114207

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8d1f6b3ce57a'
down_revision = '9b3e60c7f1d4'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'issue_jobs',
        sa.Column('job_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('issue_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['issue_id'], ['issues.id'], name=op.f('fk_issue_jobs_issue_id_issues'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_issue_jobs_job_id_jobs'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('job_id', name=op.f('pk_issue_jobs')),
    )
    op.create_index(op.f('ix_issue_jobs_issue_id'), 'issue_jobs', ['issue_id'])


def downgrade():
    op.drop_table('issue_jobs')
