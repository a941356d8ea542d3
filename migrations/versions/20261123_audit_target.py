"""find what was done to one thing

Revision ID: c19e4b7a62d0
Revises: b3e8f15c7a42
Create Date: 2026-11-23 12:58:11.402117

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'c19e4b7a62d0'
down_revision = 'b3e8f15c7a42'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_events_target'), ['target'], unique=False)


def downgrade():
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_events_target'))
