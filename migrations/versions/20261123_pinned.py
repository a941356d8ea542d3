"""what a plan relies on

Revision ID: e5c80a4f1b27
Revises: d70b2c9e41fa
Create Date: 2026-11-23 03:20:11.118202

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'e5c80a4f1b27'
down_revision = 'd70b2c9e41fa'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pinned', sa.JSON(none_as_null=True), nullable=True))


def downgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_column('pinned')
