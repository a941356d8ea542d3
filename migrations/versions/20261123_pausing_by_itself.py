"""a job that pauses by itself: after its first tickets, or when too many fail

Revision ID: d70b2c9e41fa
Revises: c41e7a90d5b3
Create Date: 2026-11-23 02:15:40.018843

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'd70b2c9e41fa'
down_revision = 'c41e7a90d5b3'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('canary', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('pause_reason', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('pause_detail', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('recent', sa.JSON(none_as_null=True), nullable=True))


def downgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_column('recent')
        batch_op.drop_column('pause_detail')
        batch_op.drop_column('pause_reason')
        batch_op.drop_column('canary')
