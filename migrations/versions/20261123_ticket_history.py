"""the jobs of a ticket

Revision ID: b1f62d7e9a35
Revises: 95d3a8e0c714
Create Date: 2026-11-23 12:59:41.206514

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = 'b1f62d7e9a35'
down_revision = '95d3a8e0c714'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.create_index('ix_job_tickets_ticket_id_job_id', ['ticket_id', 'job_id'])


def downgrade():
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_job_tickets_ticket_id_job_id')
