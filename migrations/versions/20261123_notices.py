"""notices of jobs: the outbox, webhooks, deliveries and who wants mail

Revision ID: b7e4129d60fa
Revises: a4d17c60be92
Create Date: 2026-11-23 19:02:37.118204

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'b7e4129d60fa'
down_revision = 'a4d17c60be92'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'job_events',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('name', sa.String(length=32), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('job_id', sa.String(length=36), nullable=False),
        sa.Column('owner_id', sa.Integer(), nullable=True),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['owner_id'], ['users.id'], name=op.f('fk_job_events_owner_id'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_job_events')),
        sa.UniqueConstraint('key', name=op.f('uq_job_events_key')),
    )
    op.create_index(op.f('ix_job_events_at'), 'job_events', ['at'])
    op.create_index(op.f('ix_job_events_due_at'), 'job_events', ['due_at'])
    op.create_index(op.f('ix_job_events_job_id'), 'job_events', ['job_id'])
    op.create_table(
        'webhooks',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('events', sa.JSON(), nullable=False),
        sa.Column('enabled', sa.Boolean(), nullable=False),
        sa.Column('secret', sa.Text(), nullable=False),
        sa.Column('old_secret', sa.Text(), nullable=True),
        sa.Column('old_secret_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('gave_up_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhooks')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'deliveries',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('event_id', sa.Integer(), nullable=False),
        sa.Column('webhook_id', sa.Integer(), nullable=True),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('gives_up_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('answer_status', sa.Integer(), nullable=True),
        sa.Column('answer', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['event_id'], ['job_events.id'], name=op.f('fk_deliveries_event_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['user_id'], ['users.id'], name=op.f('fk_deliveries_user_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['webhook_id'], ['webhooks.id'], name=op.f('fk_deliveries_webhook_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
        sa.UniqueConstraint('event_id', 'user_id', name=op.f('uq_deliveries_event_id_user_id')),
        sa.UniqueConstraint('event_id', 'webhook_id', name=op.f('uq_deliveries_event_id_webhook_id')),
    )
    op.create_index(op.f('ix_deliveries_next_try_at'), 'deliveries', ['next_try_at'])
    op.create_index(op.f('ix_deliveries_user_id'), 'deliveries', ['user_id'])
    op.create_index('ix_deliveries_webhook_id_id', 'deliveries', ['webhook_id', 'id'])
    op.create_index('ix_deliveries_webhook_id_state', 'deliveries', ['webhook_id', 'state', 'id'])
    op.create_table(
        'notice_choices',
        sa.Column('user_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('own', sa.String(length=16), nullable=False),
        sa.Column('others', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['user_id'], ['users.id'], name=op.f('fk_notice_choices_user_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_notice_choices')),
    )


def downgrade():
    op.drop_table('notice_choices')
    op.drop_table('deliveries')
    op.drop_table('webhooks')
    op.drop_table('job_events')
