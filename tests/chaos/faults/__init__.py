"""What may happen to a job while it runs."""

from tests.chaos.faults import broker, database, people, processes, zendesk
from tests.chaos.faults.fault import Fault

__all__ = ["FAULTS", "Fault", "broker", "database", "people", "processes", "zendesk"]


def _leaves(cls):
    below = cls.__subclasses__()
    return [leaf for one in below for leaf in _leaves(one)] if below else [cls]


# In the order of their names: a seed's choice must not depend on that of the imports.
FAULTS = {fault.name: fault for fault in sorted(_leaves(Fault), key=lambda one: one.name)}
