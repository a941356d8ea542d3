"""how issues develop: tickets by the hour, and states

Revision ID: 9b3e60c7f1d4
Revises: 4c9e17d2ab60
Create Date: 2026-11-23 23:10:22.118604

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '9b3e60c7f1d4'
down_revision = '4c9e17d2ab60'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'issue_trends',
        sa.Column('issue_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('hour', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('volume', sa.Integer(), nullable=False),
        sa.Column('requesters', sa.Integer(), nullable=False),
        sa.Column('organizations', sa.Integer(), nullable=False),
        sa.Column('low', sa.Integer(), nullable=False),
        sa.Column('normal', sa.Integer(), nullable=False),
        sa.Column('high', sa.Integer(), nullable=False),
        sa.Column('critical', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['issue_id'], ['issues.id'], name=op.f('fk_issue_trends_issue_id_issues'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('issue_id', 'hour', name=op.f('pk_issue_trends')),
    )
    op.create_index(op.f('ix_issue_trends_hour'), 'issue_trends', ['hour'])
    op.create_table(
        'issue_transitions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('issue_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('from_state', sa.String(length=16), nullable=False),
        sa.Column('to_state', sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ['issue_id'], ['issues.id'], name=op.f('fk_issue_transitions_issue_id_issues'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_transitions')),
    )
    op.create_index(op.f('ix_issue_transitions_issue_id'), 'issue_transitions', ['issue_id'])
    op.create_index(op.f('ix_issue_transitions_at'), 'issue_transitions', ['at'])
    op.add_column('issues', sa.Column('state_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('issues', sa.Column('quiet_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('issues', sa.Column('change_percent', sa.Integer(), nullable=True))
    confidence = sa.Column('change_confidence', sa.String(length=8), nullable=False, server_default='none')
    op.add_column('issues', confidence)
    op.add_column('issues', sa.Column('judged_hour', sa.Integer(), nullable=True))
    op.add_column('issues', sa.Column('counted_as', sa.String(length=80), nullable=True))


def downgrade():
    for column in (
        'counted_as', 'judged_hour', 'change_confidence', 'change_percent', 'quiet_since', 'state_since'
    ):
        op.drop_column('issues', column)
    op.drop_table('issue_transitions')
    op.drop_table('issue_trends')
