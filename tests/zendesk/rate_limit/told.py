"""What tests tell a budget, and read from it."""

from app.zendesk.rate_limit import Hold, Kind
from tests.zendesk.account import ANY, ask

HEADERS = {
    "x-rate-limit": "100",
    "x-rate-limit-remaining": "99",
    "ratelimit-reset": "60",
}


def start(world, *processes):
    for place, process in enumerate(processes):
        world.after(place * 0.01, process.ask)


def let_through(budget, who="job", kind=Kind.PAGE, endpoint=ANY, most=300):
    """Calls in a row until the first that has to wait: how many, and that wait."""
    for number in range(most):
        told = ask(budget, who, kind, endpoint)
        if isinstance(told, Hold):
            return number, told
    raise AssertionError("it is never enough")


def take(budget, who, *tokens, most=4):
    return [budget.take_slot(who, token, most, 1.5) for token in tokens]


def others_in(budget):
    return next(one["others"] for one in budget.report()["buckets"] if one["name"] == "account")


def ours_in(budget):
    return next(one["ours"] for one in budget.report()["buckets"] if one["name"] == "account")
