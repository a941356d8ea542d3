"""access tokens, attempts to connect, and the way of signing in

Revision ID: 6d1f0c4b7a92
Revises: 2592997384cb
Create Date: 2026-11-23 00:12:40.118203

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '6d1f0c4b7a92'
down_revision = '2592997384cb'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('oauth_tokens',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('base_url', sa.String(length=255), nullable=False),
    sa.Column('client_id', sa.String(length=255), nullable=False),
    sa.Column('method', sa.String(length=32), nullable=False),
    sa.Column('secret_mark', sa.String(length=64), nullable=False),
    sa.Column('access_token', sa.Text(), nullable=True),
    sa.Column('refresh_token', sa.Text(), nullable=True),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refresh_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('replaced_refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=64), nullable=True),
    sa.Column('lease_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.Column('failure_status', sa.Integer(), nullable=True),
    sa.Column('reconnect_reason', sa.Text(), nullable=True),
    sa.Column('reconnect_since', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oauth_tokens')),
    sa.UniqueConstraint('base_url', 'client_id', 'method', name=op.f('uq_oauth_tokens_base_url_client_id_method'))
    )
    op.create_table('connect_attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('base_url', sa.String(length=255), nullable=False),
    sa.Column('client_id', sa.String(length=255), nullable=False),
    sa.Column('redirect_uri', sa.Text(), nullable=False),
    sa.Column('verifier', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_connect_attempts_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connect_attempts')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_connect_attempts_state_hash'))
    )
    with op.batch_alter_table('zendesk_settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('method', sa.String(length=32), nullable=False, server_default='client_credentials'))
    # Until now the way followed from what was filled in.
    # Secrets are encrypted, and never empty where they are set.
    op.execute(
        "UPDATE zendesk_settings SET method = 'api_token' WHERE coalesce(email, '') <> '' AND api_token IS NOT NULL"
        " AND (coalesce(oauth_client_id, '') = '' OR oauth_client_secret IS NULL)"
    )
    with op.batch_alter_table('zendesk_settings', schema=None) as batch_op:
        batch_op.alter_column('method', server_default=None)


def downgrade():
    with op.batch_alter_table('zendesk_settings', schema=None) as batch_op:
        batch_op.drop_column('method')

    op.drop_table('connect_attempts')
    op.drop_table('oauth_tokens')
