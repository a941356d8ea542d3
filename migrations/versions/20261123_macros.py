"""the local copy of the macros

Revision ID: 3b8d5f1e7c26
Revises: 71ac5d2e9b03
Create Date: 2026-11-23 03:14:20.552017

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '3b8d5f1e7c26'
down_revision = '71ac5d2e9b03'
branch_labels = None
depends_on = None

SORTABLE = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')

# Words are parted and folded before they come here, alike for both databases: `ascii` parts at spaces alone, as all that
# is not ASCII is a letter to it. Nobody asks for phrases, so that columns are all the detail that is kept.
SQLITE_INDEX = """
CREATE VIRTUAL TABLE macro_words
USING fts5(title, rest, tokenize = 'ascii', detail = 'column', prefix = '1 2 3')
"""
POSTGRESQL_INDEX = """
CREATE TABLE macro_words (
    macro_id BIGINT CONSTRAINT pk_macro_words PRIMARY KEY
        CONSTRAINT fk_macro_words_macro_id_macros REFERENCES macros (id) ON DELETE CASCADE,
    words TSVECTOR NOT NULL
)
"""


def upgrade():
    op.create_table('macros',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('sort_title', SORTABLE, nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('access', sa.String(length=9), nullable=False),
    sa.Column('allowed', sa.JSON(), nullable=False),
    sa.Column('owner_email', sa.String(length=254), nullable=True),
    sa.Column('actions', sa.JSON(), nullable=False),
    sa.Column('sentences', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('usage_30d', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_macros'))
    )
    op.create_index('ix_macros_sort_title_id', 'macros', ['sort_title', 'id'], unique=False)
    op.create_index('ix_macros_category', 'macros', ['category'], unique=False)
    op.create_table('macro_uses',
    sa.Column('macro_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('value', sa.String(length=255), nullable=False),
    sa.ForeignKeyConstraint(['macro_id'], ['macros.id'], name=op.f('fk_macro_uses_macro_id_macros'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('macro_id', 'kind', 'value', name=op.f('pk_macro_uses'))
    )
    op.create_index('ix_macro_uses_kind_value', 'macro_uses', ['kind', 'value'], unique=False)
    op.create_table('zendesk_names',
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'number', name=op.f('pk_zendesk_names'))
    )
    op.create_table('macro_copies',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('base_url', sa.String(length=255), nullable=False),
    sa.Column('copied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tells_usage', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('holder', sa.String(length=32), nullable=True),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_macro_copies'))
    )
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(SQLITE_INDEX)
    else:
        op.execute(POSTGRESQL_INDEX)
        op.execute('CREATE INDEX ix_macro_words_words ON macro_words USING gin (words)')


def downgrade():
    op.drop_table('macro_words')
    op.drop_table('macro_copies')
    op.drop_table('zendesk_names')
    op.drop_index('ix_macro_uses_kind_value', table_name='macro_uses')
    op.drop_table('macro_uses')
    op.drop_index('ix_macros_category', table_name='macros')
    op.drop_index('ix_macros_sort_title_id', table_name='macros')
    op.drop_table('macros')
