"""lists of many jobs

Revision ID: 4c7e19b6d2f0
Revises: e92b7d05c3a8
Create Date: 2026-11-23 12:58:10.417302

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '4c7e19b6d2f0'
down_revision = 'e92b7d05c3a8'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_created_at')
        batch_op.create_index('ix_jobs_created', ['created_at', 'id', 'status', 'tool_slug', 'user_id'])
        batch_op.create_index('ix_jobs_user_created', ['user_id', 'created_at', 'id', 'status', 'tool_slug'])
        batch_op.create_index(
            'ix_jobs_tickets', ['total_items', 'id', 'status', 'tool_slug', 'user_id', 'created_at']
        )
        batch_op.create_index(
            'ix_jobs_user_tickets', ['user_id', 'total_items', 'id', 'status', 'tool_slug', 'created_at']
        )


def downgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_user_tickets')
        batch_op.drop_index('ix_jobs_tickets')
        batch_op.drop_index('ix_jobs_user_created')
        batch_op.drop_index('ix_jobs_created')
        batch_op.create_index('ix_jobs_created_at', ['created_at'])
