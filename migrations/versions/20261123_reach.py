"""whom a plan writes to, and what its tickets lack

Revision ID: 94d1b7c3e0a5
Revises: 27d6c0e9f184
Create Date: 2026-11-23 12:58:40.310422

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '94d1b7c3e0a5'
down_revision = '27d6c0e9f184'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('requester_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('organization_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('lacks', sa.Text(), nullable=True))
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reach', sa.JSON(none_as_null=True), nullable=True))


def downgrade():
    # SQLite's table is made anew, and would forget that an id is never used again.
    with op.batch_alter_table('jobs', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_column('reach')
    with op.batch_alter_table('job_tickets', schema=None) as batch_op:
        batch_op.drop_column('lacks')
        batch_op.drop_column('organization_id')
        batch_op.drop_column('requester_id')
