"""settings that admins change

Revision ID: 6f1d93ab47ce
Revises: c5e80a3f7b91
Create Date: 2026-11-23 18:50:11.402731

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '6f1d93ab47ce'
down_revision = 'c5e80a3f7b91'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'settings',
        sa.Column('name', sa.String(length=64), nullable=False),
        sa.Column('value', sa.JSON(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_settings')),
    )


def downgrade():
    op.drop_table('settings')
