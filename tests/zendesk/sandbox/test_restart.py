"""What outlives a restart."""

import pytest

from app.zendesk.sandbox.clock import SECOND


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "sandbox.db")


def test_changes_and_the_truth_log_are_kept(make_sandbox, path):
    before = make_sandbox(path)
    made = before.add_ticket(subject="Made by a test")
    before.set_ticket(1, additional_tags=["kept"])
    before.delete_ticket(2)
    before.close()

    after = make_sandbox(path)

    assert after.ticket(made)["subject"] == "Made by a test"
    assert "kept" in after.tags_of(1)
    assert [entry["added_tags"] for entry in after.truth(1)] == [["kept"]]
    with pytest.raises(KeyError):
        after.ticket(2)


def test_running_jobs_go_on(make_sandbox, caller_of, path):
    before = make_sandbox(path, speed=0.001, job_rate=1.0, job_start_delay=0.0)
    answers = [caller_of(before).tag_many(ids, "vip") for ids in ([1, 2, 3], [4, 5, 6])]
    before.jobs.advance(before.clock.now() + 3 * SECOND // 2)
    before.close()

    after = make_sandbox(path)
    for answer in answers:
        results = caller_of(after).job_of(answer)["results"]
        assert [item["success"] for item in results] == [True] * 3

    assert sorted(entry["ticket_id"] for entry in after.truth()) == [1, 2, 3, 4, 5, 6]


def test_results_are_still_there(make_sandbox, caller_of, path):
    before = make_sandbox(path)
    answer = caller_of(before).tag_many([1], "vip")
    results = caller_of(before).job_of(answer)["results"]
    before.close()

    assert caller_of(make_sandbox(path)).job_of(answer)["results"] == results


def test_the_clock_does_not_go_backwards_after_a_sudden_end(make_sandbox, caller_of, path):
    before = make_sandbox(path, speed=1_000_000)
    seen = caller_of(before).get("/tickets/count").json["count"]["refreshed_at"]

    after = make_sandbox(path, speed=0.001)

    assert caller_of(after).get("/tickets/count").json["count"]["refreshed_at"] >= seen


def test_an_access_token_is_still_good(make_sandbox, caller_of, path):
    before = make_sandbox(path)
    asked = {"grant_type": "client_credentials", "client_id": "sandbox-client"}
    answer = caller_of(before)("POST", "/oauth/tokens", asked | {"client_secret": "sandbox-secret"})
    token = answer.json["access_token"]
    before.close()

    answer = caller_of(make_sandbox(path)).get("/users/me", auth=f"Bearer {token}")

    assert answer.status_code == 200


def test_a_file_made_with_another_seed_is_refused(make_sandbox, path):
    make_sandbox(path).close()

    with pytest.raises(ValueError, match=r"seed \(1, not 2\)"):
        make_sandbox(path, seed=2)
