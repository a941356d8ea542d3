"""issues, their tickets, and what people decided about them

Revision ID: f52d8c0a71be
Revises: e41c8a6d25f0
Create Date: 2026-11-23 22:14:07.552310

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'f52d8c0a71be'
down_revision = 'c7a94e1f0d38'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'issues',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=12), nullable=False),
        sa.Column('label', sa.String(length=200), nullable=False),
        sa.Column('renamed_by_person', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('severity', sa.String(length=16), nullable=True),
        sa.Column('dismissed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('merged_into_id', sa.Integer(), nullable=True),
        sa.Column('phrases', sa.JSON(), nullable=False),
        sa.Column('quoted_ticket_ids', sa.JSON(), nullable=False),
        sa.Column('alike', sa.JSON(), nullable=False),
        sa.Column('ticket_count', sa.Integer(), nullable=False),
        sa.Column('requester_count', sa.Integer(), nullable=False),
        sa.Column('organization_count', sa.Integer(), nullable=False),
        sa.Column('named_at_count', sa.Integer(), nullable=False),
        sa.Column('first_seen', sa.DateTime(timezone=True), nullable=True),
        sa.Column('last_seen', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['merged_into_id'], ['issues.id'], name=op.f('fk_issues_merged_into_id_issues'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_issues')),
        sa.UniqueConstraint('key', name=op.f('uq_issues_key')),
        sqlite_autoincrement=True,
    )
    for column in ('state', 'dismissed_at', 'merged_into_id', 'ticket_count', 'last_seen'):
        op.create_index(op.f(f'ix_issues_{column}'), 'issues', [column])
    op.create_table(
        'issue_tickets',
        sa.Column('ticket_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('issue_id', sa.Integer(), nullable=True),
        sa.Column('similarity', sa.Double(), nullable=False),
        sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('placed_by_person', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['issue_id'], ['issues.id'], name=op.f('fk_issue_tickets_issue_id_issues'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_issue_tickets')),
    )
    op.create_index(op.f('ix_issue_tickets_issue_id_ticket_id'), 'issue_tickets', ['issue_id', 'ticket_id'])
    op.create_table(
        'issue_decisions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('issue_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('actor', sa.String(length=254), nullable=False),
        sa.Column('decided', sa.String(length=16), nullable=False),
        sa.Column('detail', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['issue_id'], ['issues.id'], name=op.f('fk_issue_decisions_issue_id_issues'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_decisions')),
    )
    op.create_index(op.f('ix_issue_decisions_issue_id'), 'issue_decisions', ['issue_id'])
    op.create_table(
        'clustering_state',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('phase', sa.String(length=8), nullable=False),
        sa.Column('after_id', sa.BigInteger(), nullable=False),
        sa.Column('rounds', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('offered', sa.Integer(), nullable=False),
        sa.Column('joined', sa.Integer(), nullable=False),
        sa.Column('founded', sa.Integer(), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_clustering_state')),
    )


def downgrade():
    op.drop_table('clustering_state')
    op.drop_table('issue_decisions')
    op.drop_table('issue_tickets')
    op.drop_table('issues')
