"""the job that another waits for

Revision ID: 5a17c9e0d36b
Revises: 3b8d5f1e7c26
Create Date: 2026-11-23 03:41:02.551907

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '5a17c9e0d36b'
down_revision = '3b8d5f1e7c26'
branch_labels = None
depends_on = None


def upgrade():
    # SQLite's table is made anew, and with it gets back what it lost when a former version made it anew: an id that
    # is never used again.
    with op.batch_alter_table('jobs', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.add_column(sa.Column('waits_for_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_jobs_waits_for_id'), 'jobs', ['waits_for_id'], ['id'], ondelete='SET NULL'
        )


def downgrade():
    with op.batch_alter_table('jobs', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_jobs_waits_for_id'), type_='foreignkey')
        batch_op.drop_column('waits_for_id')
