"""Finding the next tickets stays fast in a ledger of any size."""

import pytest

from app.extensions import db
from app.services.engine.claiming import _FREE, _ROWS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_next_tickets_are_found_by_indexes_alone(make_job):
    query = _FREE.where(_ROWS.job_id == make_job([1]).id).compile(
        db.engine, compile_kwargs={"render_postcompile": True}
    )
    values = tuple(query.params[name] for name in query.positiontup)

    # With parameters, as it is sent: SQLite plans before it knows them.
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()

    steps = [row.detail for row in plan]
    assert any("uq_job_tickets_in_flight" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)
