"""from which state of a macro comments were filled in

Revision ID: e92b7d05c3a8
Revises: a4f06c2d97e1
Create Date: 2026-11-23 06:36:12.118203

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'e92b7d05c3a8'
down_revision = 'a4f06c2d97e1'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('jobs', sa.Column('filled_in_as_of', sa.Text(), nullable=True))


def downgrade():
    with op.batch_alter_table('jobs', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_column('filled_in_as_of')
