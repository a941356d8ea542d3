"""A person without a browser: the console's forms, sent over HTTP."""

import re
import time
from html import unescape

from tests.fixtures.stack import local_http

DEADLINE_SECONDS = 60


class Console:
    """Somebody who is signed in to the stack."""

    def __init__(self, stack, person):
        self.stack, self.http = stack, local_http()
        answer = self.submit("/login", email=person.email, password=person.password)
        assert not answer.url.endswith("/login"), "the sign-in was refused"

    def get(self, path):
        answer = self.http.get(self.stack.url + path, timeout=30)
        answer.raise_for_status()
        return answer

    def submit(self, page, path=None, **fields):
        """Send a form of the page, with its hidden fields; the page to which that led."""
        hidden = hidden_fields(self.get(page).text)
        answer = self.http.post(self.stack.url + (path or page), hidden | fields, timeout=60)
        answer.raise_for_status()
        return answer

    def plan(self, tags, view, limit=50_000, operation="add_tags"):
        """The job that the tag manager makes of this, with its plan made."""
        tool = "/tools/tag-manager"
        number = view_number(self.get(tool).text, view)
        answer = self.submit(tool, tags=tags, view=number, limit=limit, operation=operation)
        job = Job(self, answer.url.removeprefix(self.stack.url))
        job.wait_for("planned")
        return job


class Job:
    def __init__(self, console, path):
        self.console, self.path = console, path

    @property
    def job_id(self):
        return self.path.rsplit("/", 1)[1]

    @property
    def status(self):
        return self.console.get(f"{self.path}/status").json()

    def post(self, verb):
        return self.console.submit(self.path, f"{self.path}/{verb}")

    def apply(self):
        self.post("apply")

    def wait_for(self, *statuses, limit=DEADLINE_SECONDS):
        """The status JSON as soon as the job has one of these statuses."""
        return self.wait_until(lambda status: status["status"] in statuses, limit)

    def wait_until(self, condition, limit=DEADLINE_SECONDS):
        deadline = time.monotonic() + limit
        while not condition(status := self.status):
            assert time.monotonic() < deadline, f"still {status}"
            time.sleep(0.1)
        return status

    def ledger(self):
        """Each ticket's row, by its id."""
        rows = self.console.get(f"{self.path}/export.json").json()
        return {row["ticket_id"]: row for row in rows}


def hidden_fields(html):
    """Name and value of the hidden inputs, of all forms together."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]*>", html)]
    return {
        one["name"]: unescape(one.get("value", "")) for one in inputs if one.get("type") == "hidden"
    }


def view_number(html, title):
    """The number of the view: the value of the box whose label says its title."""
    label = re.search(rf'for="([\w-]+)">{re.escape(title)}<span', html)[1]
    return re.search(rf'<input[^>]* id="{label}"[^>]* value="(\d+)"', html)[1]
