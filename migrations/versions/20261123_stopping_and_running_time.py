"""when a job was asked to stop, and how long it ran

Revision ID: 8f2a6d3c51be
Revises: 6d1f0c4b7a92
Create Date: 2026-11-23 01:20:12.551870

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8f2a6d3c51be'
down_revision = '6d1f0c4b7a92'
branch_labels = None
depends_on = None

SECONDS = {
    'sqlite': "(julianday(completed_at) - julianday(started_at)) * 86400",
    'postgresql': "EXTRACT(EPOCH FROM completed_at - started_at)",
}


def upgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ran_seconds', sa.Float(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('running_since', sa.DateTime(timezone=True), nullable=True))
    # Until now a job ran from its start to its end.
    seconds = SECONDS[op.get_bind().dialect.name]
    op.execute(f"UPDATE jobs SET ran_seconds = {seconds} WHERE started_at IS NOT NULL AND completed_at IS NOT NULL")
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.alter_column('ran_seconds', server_default=None)


def downgrade():
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_column('running_since')
        batch_op.drop_column('ran_seconds')
        batch_op.drop_column('asked_at')
