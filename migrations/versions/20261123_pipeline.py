"""runs of the pipeline, and schedules

Revision ID: 4c9e17d2ab60
Revises: e41c8a6d25f0
Create Date: 2026-11-23 22:14:37.902215

"""
from datetime import UTC, datetime

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '4c9e17d2ab60'
down_revision = 'f52d8c0a71be'
branch_labels = None
depends_on = None

SCHEDULES = (
    ('daily_sync', 'Daily Zendesk Sync', 'pipeline', '0 2 * * *'),
    ('hourly_trends', 'Hourly Trends Update', 'trends', '0 * * * *'),
    ('weekly_report', 'Weekly Report', 'report', '0 9 * * 1'),
    ('monthly_cleanup', 'Monthly Cleanup', 'cleanup', '0 3 1 * *'),
    ('health_check', 'Health Check', 'health', '*/5 * * * *'),
)


def upgrade():
    schedules = op.create_table(
        'schedules',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=64), nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('cron', sa.String(length=128), nullable=False),
        sa.Column('zone', sa.String(length=64), nullable=False),
        sa.Column('enabled', sa.Boolean(), nullable=False),
        sa.Column('grace_seconds', sa.Integer(), nullable=False),
        sa.Column('coalesce', sa.Boolean(), nullable=False),
        sa.Column('next_run_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_schedules')),
    )
    op.create_table(
        'pipeline_runs',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('run_id', sa.String(length=36), nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('stages', sa.JSON(), nullable=False),
        sa.Column('options', sa.JSON(), nullable=False),
        sa.Column('requested_by_id', sa.Integer(), nullable=True),
        sa.Column('schedule_id', sa.String(length=32), nullable=True),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('begins_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('status', sa.String(length=16), nullable=False),
        sa.Column('lane', sa.String(length=16), nullable=True),
        sa.Column('stage', sa.String(length=16), nullable=True),
        sa.Column('progress', sa.JSON(), nullable=False),
        sa.Column('error_code', sa.String(length=64), nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.Column('lease_owner', sa.String(length=64), nullable=True),
        sa.Column('lease_expires_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('fence', sa.Integer(), nullable=False),
        sa.Column('wake_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('setbacks', sa.Integer(), nullable=False),
        sa.Column('got_on_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['requested_by_id'], ['users.id'], name=op.f('fk_pipeline_runs_requested_by_id'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['schedule_id'], ['schedules.id'], name=op.f('fk_pipeline_runs_schedule_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pipeline_runs')),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table('pipeline_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pipeline_runs_run_id'), ['run_id'], unique=True)
        batch_op.create_index(batch_op.f('uq_pipeline_runs_lane'), ['lane'], unique=True)
        batch_op.create_index(batch_op.f('ix_pipeline_runs_status_wake_at'), ['status', 'wake_at'])
        batch_op.create_index(batch_op.f('ix_pipeline_runs_schedule_id_id'), ['schedule_id', 'id'])
        batch_op.create_index(batch_op.f('ix_pipeline_runs_requested_by_id'), ['requested_by_id'])
        batch_op.create_index(batch_op.f('ix_pipeline_runs_created_at'), ['created_at'])
    # Beat finds out when each is due for the first time.
    fixed = {'zone': 'UTC', 'enabled': True, 'grace_seconds': 3600, 'coalesce': True, 'updated_at': datetime.now(UTC)}
    op.bulk_insert(schedules, [
        {'id': key, 'place': place, 'name': name, 'kind': kind, 'cron': cron} | fixed
        for place, (key, name, kind, cron) in enumerate(SCHEDULES)
    ])


def downgrade():
    op.drop_table('pipeline_runs')
    op.drop_table('schedules')
