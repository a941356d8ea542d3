"""faults of ours that a job met, so that it is not tried for ever

Revision ID: a4f06c2d97e1
Revises: 5a17c9e0d36b
Create Date: 2026-11-23 06:25:31.604417

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'a4f06c2d97e1'
down_revision = '5a17c9e0d36b'
branch_labels = None
depends_on = None


def upgrade():
    # With a default, so that SQLite need not make the table anew.
    op.add_column('jobs', sa.Column('faults', sa.Integer(), server_default='0', nullable=False))


def downgrade():
    with op.batch_alter_table('jobs', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_column('faults')
