"""comments that were filled in and wait to be sent

Revision ID: 71ac5d2e9b03
Revises: 0b93d7e6c4f8
Create Date: 2026-11-23 03:41:02.552871

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '71ac5d2e9b03'
down_revision = '0b93d7e6c4f8'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('filled_in', sa.Text(), nullable=True))


def downgrade():
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.drop_column('filled_in')
