"""Our ledger beside Zendesk's truth: what was done twice, lost, or reported other than it is."""

from collections import Counter
from dataclasses import dataclass, field

SHOWN = 5  # tickets that a complaint names


@dataclass
class Comparison:
    deliveries: int = 0  # updates of the job that reached a ticket
    effects: int = 0  # of those, the ones that changed it
    doubled: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    misreported: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def compare(kind, asked_for, job, rows, entries, *, may_leave_unknown):
    """Compare a job that is over with what Zendesk did.

    `asked_for`: ids; `job`: its row; `rows`: (ticket_id, outcome, stage); `entries`: of the truth log.
    """
    sent = [entry for entry in entries if kind.is_delivery(entry)]
    effects = Counter(entry["ticket_id"] for entry in sent if kind.is_effect(entry))
    outcomes = {row.ticket_id: row.outcome for row in rows}
    found = Comparison(deliveries=len(sent), effects=effects.total())
    found.doubled = sorted(one for one, times in effects.items() if times > 1)
    found.lost = sorted(one for one in asked_for if _is_lost(outcomes.get(one), job.status))
    found.misreported = sorted(
        one for one, outcome in outcomes.items() if _is_untrue(outcome, effects[one])
    )
    found.unknown = sorted(one for one, outcome in outcomes.items() if outcome == "unknown")
    found.complaints = [
        *_about("had it done twice", found.doubled),
        *_about("have no result", found.lost),
        *_about("are reported other than they are", found.misreported, outcomes),
        *_about("were changed and never asked for", sorted(effects.keys() - set(asked_for))),
        *_about("are still in flight", [one.ticket_id for one in rows if one.stage != "settled"]),
        *_counts_that_disagree(job, Counter(outcomes.values())),
    ]
    if not may_leave_unknown:
        found.complaints += _about("are unknown, and need not be", found.unknown)
    return found


def _is_lost(outcome, status):
    """A job that was cancelled may leave tickets alone; every other has a result for each."""
    return outcome in (None, "planned") or (outcome == "not_reached" and status != "cancelled")


def _is_untrue(outcome, effects):
    if outcome == "unknown":
        return False
    return (outcome == "changed") != (effects > 0)


def _counts_that_disagree(job, counted):
    told = {
        name.removesuffix("_count"): getattr(job, name) for name in job._fields if "_count" in name
    }
    wrong = {name: number for name, number in told.items() if number != counted[name]}
    words = [f"the job counts {wrong}, its ledger {dict(counted)}"] if wrong else []
    total = counted.total()
    return words + (
        [f"{job.total_items} in all, but {total} rows"] if total != job.total_items else []
    )


def _about(what, tickets, outcomes=None):
    if not tickets:
        return []
    named = ", ".join(
        f"{one} ({outcomes[one]})" if outcomes else str(one) for one in tickets[:SHOWN]
    )
    more = ", …" if len(tickets) > SHOWN else ""
    return [f"{len(tickets)} tickets {what}: {named}{more}"]
