"""Migrations go up and down on both databases, and end where the models are."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect

from app import create_app
from app.config import Config
from app.extensions import db


@pytest.fixture
def bare_app(own_database_url):
    app = create_app(Config(SQLALCHEMY_DATABASE_URI=own_database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences(engine):
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), db.metadata)


def test_models_and_migrations_agree(bare_app):
    assert differences(db.engine) == []


def test_going_down_and_up_again_leads_back(bare_app):
    downgrade(revision="base")
    tables = inspect(db.engine).get_table_names()
    upgrade()

    assert tables == ["alembic_version"]
    assert differences(db.engine) == []


def test_the_comparison_notices_a_missing_column(bare_app, own_database_url):
    engine = create_engine(own_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE jobs DROP COLUMN reason")

    found = differences(engine)
    engine.dispose()

    assert [change[0] for change in found] == ["add_column"]
