"""as whom we are connected

Revision ID: c41e7a90d5b3
Revises: 8f2a6d3c51be
Create Date: 2026-11-23 01:48:02.310442

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'c41e7a90d5b3'
down_revision = '8f2a6d3c51be'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('oauth_tokens', schema=None) as batch_op:
        batch_op.add_column(sa.Column('person', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('person_role', sa.String(length=32), nullable=False, server_default=''))
    with op.batch_alter_table('oauth_tokens', schema=None) as batch_op:
        batch_op.alter_column('person', server_default=None)
        batch_op.alter_column('person_role', server_default=None)


def downgrade():
    with op.batch_alter_table('oauth_tokens', schema=None) as batch_op:
        batch_op.drop_column('person_role')
        batch_op.drop_column('person')
