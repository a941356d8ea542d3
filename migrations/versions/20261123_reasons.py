"""an index by which a job's tickets are found that have one reason

Revision ID: b3e8f15c7a42
Revises: b1f62d7e9a35
Create Date: 2026-11-23 12:58:10.284610

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'b3e8f15c7a42'
down_revision = 'b1f62d7e9a35'
branch_labels = None
depends_on = None


def upgrade():
    # Tickets that are to be changed, or were, have no reason: in a good run, nothing is written to it.
    has_reason = sa.text('reason IS NOT NULL')
    op.create_index(
        'ix_job_tickets_job_id_reason_position',
        'job_tickets',
        ['job_id', 'reason', 'position'],
        sqlite_where=has_reason,
        postgresql_where=has_reason,
    )


def downgrade():
    op.drop_index('ix_job_tickets_job_id_reason_position', table_name='job_tickets')
