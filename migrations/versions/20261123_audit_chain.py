"""audit events that are only ever added, and sealed into a chain

Revision ID: a4d17c60be92
Revises: 2b7e94d1c0f8
Create Date: 2026-11-23 20:02:37.118204

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'a4d17c60be92'
down_revision = '2b7e94d1c0f8'
branch_labels = None
depends_on = None

# The account may go, which empties user_id; an empty seal may be filled in, once, with a number that nothing has.
# (SQLite's REPLACE takes rows away without asking the trigger for DELETE, and so must find nothing to replace.)
CHANGES_CONTENT = """
    NEW.id {differs} OLD.id OR NEW.at {differs} OLD.at OR NEW.actor {differs} OLD.actor
    OR NEW.action {differs} OLD.action OR NEW.target {differs} OLD.target
    OR CAST(NEW.detail AS TEXT) {differs} CAST(OLD.detail AS TEXT) OR NEW.address {differs} OLD.address
    OR (NEW.user_id {differs} OLD.user_id AND NEW.user_id IS NOT NULL)
    OR (OLD.seal_no IS NOT NULL AND (NEW.seal_no {differs} OLD.seal_no OR NEW.seal {differs} OLD.seal))
    OR EXISTS (SELECT 1 FROM audit_events WHERE seal_no = NEW.seal_no AND id <> NEW.id)
"""
IS_KEPT = """
    OLD.seal_no IS NULL OR OLD.seal_no > COALESCE((SELECT MAX(seal_no) FROM audit_checkpoints), 0)
"""
IS_NO_SEAL = "NOT EXISTS (SELECT 1 FROM audit_events WHERE seal_no = NEW.seal_no AND seal = NEW.seal)"
IS_THERE = "EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id OR seal_no = NEW.seal_no)"
ALWAYS = "1 = 1"

# Of which table, before what, when, and what is said then
GUARDS = {
    'audit_events_added': ('audit_events', 'INSERT', IS_THERE),
    'audit_events_unchanged': ('audit_events', 'UPDATE', CHANGES_CONTENT),
    'audit_events_kept': ('audit_events', 'DELETE', IS_KEPT),
    'audit_checkpoints_true': ('audit_checkpoints', 'INSERT', IS_NO_SEAL),
    'audit_checkpoints_unchanged': ('audit_checkpoints', 'UPDATE', ALWAYS),
    'audit_checkpoints_kept': ('audit_checkpoints', 'DELETE', ALWAYS),
}
WORDS = 'the audit log is only ever added to'


def upgrade():
    # Without a batch, which would make SQLite's table anew.
    op.add_column('audit_events', sa.Column('seal_no', sa.Integer(), nullable=True))
    op.add_column('audit_events', sa.Column('seal', sa.String(length=64), nullable=True))
    op.create_index(op.f('ix_audit_events_seal_no'), 'audit_events', ['seal_no'], unique=True)
    op.create_index(op.f('ix_audit_events_action'), 'audit_events', ['action'], unique=False)
    op.create_table(
        'audit_checkpoints',
        sa.Column('seal_no', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seal', sa.String(length=64), nullable=False),
        sa.Column('removed', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('seal_no', name=op.f('pk_audit_checkpoints')),
    )
    if op.get_bind().dialect.name == 'sqlite':
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade():
    if op.get_bind().dialect.name == 'sqlite':
        for name in GUARDS:
            op.execute(f'DROP TRIGGER {name}')
    else:
        for name, (table, _, _) in GUARDS.items():
            op.execute(f'DROP TRIGGER {name} ON {table}')
            op.execute(f'DROP FUNCTION {name}()')
        for table in ('audit_events', 'audit_checkpoints'):
            op.execute(f'DROP TRIGGER {table}_not_emptied ON {table}')
        op.execute('DROP FUNCTION audit_not_emptied()')
    op.drop_table('audit_checkpoints')
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_events_action'))
        batch_op.drop_index(batch_op.f('ix_audit_events_seal_no'))
        batch_op.drop_column('seal')
        batch_op.drop_column('seal_no')


def _guard_sqlite():
    for name, (table, what, when) in GUARDS.items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN {when.format(differs='IS NOT')} "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def _guard_postgresql():
    for name, (table, what, when) in GUARDS.items():
        kept = 'OLD' if what == 'DELETE' else 'NEW'
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when.format(differs='IS DISTINCT FROM')} THEN "
            f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {kept}; END $$"
        )
        op.execute(f'CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()')
    op.execute(
        f"CREATE FUNCTION audit_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in ('audit_events', 'audit_checkpoints'):
        op.execute(
            f'CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} '
            f'FOR EACH STATEMENT EXECUTE FUNCTION audit_not_emptied()'
        )
