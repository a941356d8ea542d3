"""what each role may do with each tool

Revision ID: d41c7be92f05
Revises: 9c35f1ae0b74
Create Date: 2026-11-23 19:02:16.730412

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'd41c7be92f05'
down_revision = '9c35f1ae0b74'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'tool_limits',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('role', sa.String(length=16), nullable=False),
        sa.Column('tool_slug', sa.String(length=64), nullable=False),
        sa.Column('may_use', sa.Boolean(), nullable=False),
        sa.Column('largest_job', sa.Integer(), nullable=True),
        sa.Column('public_replies', sa.Boolean(), nullable=False),
        sa.Column('view_ids', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('group_ids', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('approval_above', sa.Integer(), nullable=True),
        sa.Column('approval_for_replies', sa.Boolean(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tool_limits')),
        sa.UniqueConstraint('role', 'tool_slug', name=op.f('uq_tool_limits_role_tool_slug')),
    )


def downgrade():
    op.drop_table('tool_limits')
