"""A stage that counts to a number, and keeps how far it is where settings are kept. What it counts it has done once."""

import time

from app.database import writing
from app.extensions import db
from app.models import Setting
from app.services.insights.stage import Progress


class Counting:
    """`at_each` is called before each commit."""

    def __init__(self, name="sync", to=5, at_each=lambda number: None, pause=0.0, per_slice=1000):
        self.name, self.to, self.at_each, self.pause = name, to, at_each, pause
        self.per_slice = per_slice

    def __call__(self, run, until):
        stop = min(self.to, self.counted() + self.per_slice)
        while (number := self.counted()) < stop and time.monotonic() < until:
            with writing():
                self._count(number + 1)
                self.at_each(number + 1)
                run.check()
                db.session.commit()
            time.sleep(self.pause)
        return Progress(number, self.to, number >= self.to, {"counted": number})

    def counted(self):
        db.session.rollback()
        kept = db.session.get(Setting, f"counted {self.name}", populate_existing=True)
        number = int(kept.value) if kept else 0
        db.session.rollback()
        return number

    def _count(self, number):
        name = f"counted {self.name}"
        kept = db.session.get(Setting, name) or Setting(name=name)
        kept.value = number
        db.session.add(kept)
