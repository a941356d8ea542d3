"""how each ticket's change is sent

Revision ID: 0b93d7e6c4f8
Revises: e5c80a4f1b27
Create Date: 2026-11-23 03:21:40.903114

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0b93d7e6c4f8'
down_revision = 'e5c80a4f1b27'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('planned_stamp', sa.String(length=40), nullable=False, server_default=''))
        # Until now all tickets of a job were sent the same.
        batch_op.add_column(sa.Column('payload_key', sa.String(length=16), nullable=True, server_default=''))
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.alter_column('planned_stamp', server_default=None)
        batch_op.alter_column('payload_key', server_default=None)


def downgrade():
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.drop_column('payload_key')
        batch_op.drop_column('planned_stamp')
