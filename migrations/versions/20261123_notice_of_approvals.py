"""mail to admins about plans that wait for their approval, as each of them chooses

Revision ID: 5c0f7be2a914
Revises: e41c8a6d25f0
Create Date: 2026-11-23 22:18:31.402117

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '5c0f7be2a914'
down_revision = 'e41c8a6d25f0'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('notice_choices', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('approvals', sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table('notice_choices', schema=None) as batch_op:
        batch_op.alter_column('approvals', server_default=None)


def downgrade():
    with op.batch_alter_table('notice_choices', schema=None) as batch_op:
        batch_op.drop_column('approvals')
