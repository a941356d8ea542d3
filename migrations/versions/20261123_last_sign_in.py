"""when each person signed in last

Revision ID: e40c8a2b7d15
Revises: b7d1e60c94a2
Create Date: 2026-11-23 18:58:02.731906

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'e40c8a2b7d15'
down_revision = 'b7d1e60c94a2'
branch_labels = None
depends_on = None


def upgrade():
    # Added in place: on SQLite, making the table anew would delete what belongs to people.
    op.add_column('users', sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True))
    # Until now the audit log alone knew.
    op.execute(
        "UPDATE users SET signed_in_at = (SELECT max(at) FROM audit_events"
        " WHERE audit_events.user_id = users.id AND audit_events.action = 'sign_in')"
    )


def downgrade():
    op.drop_column('users', 'signed_in_at')
