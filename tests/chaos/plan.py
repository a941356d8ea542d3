"""What a round does, as its seed chooses it."""

from dataclasses import dataclass, field

from tests.chaos.faults import FAULTS
from tests.chaos.faults.zendesk import JobForgotten, JobStallsTooLong, OfZendesk

# They cost a minute of real time: so long Zendesk is believed that something may still come.
RARE = {JobForgotten.name: 0.3, JobStallsTooLong.name: 0.3}


@dataclass(frozen=True)
class Plan:
    """What a round does, and it is the seed that says so."""

    seed: str
    database: str
    kind: str
    faults: tuple[str, ...] = ()
    # Strikes come as soon as so many of the job's tickets are done.
    moments: tuple[float, ...] = field(default=())


def planned(seed, database, kind, chance):
    """One to three faults that go together, and when each strikes."""
    number = chance.choices((1, 2, 3), (4, 4, 2))[0]
    possible = [name for name, fault in FAULTS.items() if database in fault.databases]
    chosen: list[str] = []
    while len(chosen) < number:
        weights = [RARE.get(name, 1.0) for name in possible]
        name = chance.choices(possible, weights)[0]
        if name not in chosen and _go_together([*chosen, name]):
            chosen.append(name)
    return Plan(seed, database, kind, tuple(chosen), moments(chosen, chance))


def moments(names, chance):
    """When each strikes: a late call may be the last one, and then there is nothing to spoil."""
    return tuple(chance.uniform(0.0, FAULTS[name].latest) for name in names)


def _go_together(names):
    faults = [FAULTS[name] for name in names]
    # One of a kind of rule, since the sandbox counts strikes by kind.
    kinds = [fault.kind for fault in faults if issubclass(fault, OfZendesk)]
    return len(kinds) == len(set(kinds))
