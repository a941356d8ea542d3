"""What every fault is: it strikes at once, and is mended some seconds later."""

from abc import ABC, abstractmethod


class Fault(ABC):
    """Something that goes wrong once in a round.

    `mended_after`: seconds, from and to, of which the round chooses. `echo`: so many seconds after it was mended,
    nothing of it goes on.
    """

    name = ""
    databases = ("sqlite", "postgresql")
    mended_after = (0.5, 3.0)
    echo = 0.0
    latest = 0.6  # so much of the job is done when it strikes, at most
    may_leave_unknown = False

    def __init__(self, arena, job, chance):
        self.arena, self.job, self.chance = arena, job, chance
        self.complaint = ""
        self.mend_in = chance.uniform(*self.mended_after)

    @abstractmethod
    def strike(self):
        """False if this is not the moment: the round tries again."""

    def mend(self):
        self.arena.start_what_is_dead()
