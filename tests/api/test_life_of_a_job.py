"""A job, from its order to its undoing, as a program has it done."""

from tests.jobs.test_status import STATUS_KEYS


def test_a_program_walks_the_whole_life_of_a_job(sandbox, program, tags_order):
    made = program.post("/jobs", tags_order(reason="Recall"))
    plan = made.json
    address = made.location.removeprefix("/api/v1")

    looked_at = program.get(address).json
    tickets = program.get(f"{address}/tickets").json
    done = program.post(f"{address}/apply", {"plan_digest": plan["plan_digest"]}).json
    undoing = program.post(f"{address}/undo")
    undone = program.post(
        f"{undoing.location.removeprefix('/api/v1')}/apply",
        {"plan_digest": undoing.json["plan_digest"]},
    ).json

    assert (made.status_code, plan["status"], plan["dry_run"]) == (201, "planned", True)
    assert set(plan) == STATUS_KEYS
    assert plan == looked_at
    assert [row["outcome"] for row in tickets["tickets"]] == ["planned"] * 3
    assert tickets["tickets"][0]["after"]["tags"] == ["vip", "x"]
    assert tickets["next_cursor"] is None
    assert (done["status"], done["counts"]["changed"]) == ("completed", 3)
    assert (undoing.status_code, undoing.json["relation"]) == (201, "undo")
    assert undoing.json["parent_id"] == plan["job_id"]
    assert (undone["status"], undone["counts"]["changed"]) == ("completed", 3)
    assert sandbox.summary(tag="vip")["with_tag"] == 0
