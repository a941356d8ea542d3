"""jobs found by the one that they name

Revision ID: 95d3a8e0c714
Revises: 4c7e19b6d2f0
Create Date: 2026-11-23 12:59:02.730118

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '95d3a8e0c714'
down_revision = '4c7e19b6d2f0'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_parent_id', ['parent_id'])
        batch_op.create_index('ix_jobs_waits_for_id', ['waits_for_id'])


def downgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_waits_for_id')
        batch_op.drop_index('ix_jobs_parent_id')
