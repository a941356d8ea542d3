"""an index for the words of jobs

Revision ID: c5e80a3f7b91
Revises: 94d1b7c3e0a5
Create Date: 2026-11-23 14:02:17.904226

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = 'c5e80a3f7b91'
down_revision = '94d1b7c3e0a5'
branch_labels = None
depends_on = None

# On SQLite alone: PostgreSQL has no room in an index for the longest of reasons, and would refuse the job.
COLUMNS = ['created_at', 'id', 'status', 'tool_slug', 'user_id', 'total_items', 'title', 'reason']


def upgrade():
    if op.get_bind().dialect.name == 'sqlite':
        op.create_index('ix_jobs_words', 'jobs', COLUMNS)


def downgrade():
    if op.get_bind().dialect.name == 'sqlite':
        op.drop_index('ix_jobs_words', table_name='jobs')
