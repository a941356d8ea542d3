"""How fast the sandbox answers and how much memory it needs, before and after every ticket changed.

    python -m bench.sandbox_speed --tickets 1000000

Starts the sandbox as a process of its own and asks it over a few connections. "on one core" is
requests per second of the sandbox's own processor time, so that the client's work is left out.
"""

import argparse
import json
import random
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from bench import processes, results, servers

_CREDENTIALS = b64encode(b"admin@sandbox.test/token:sandbox-token").decode()
_CONNECTIONS = 4
# No limit may slow it down, and its jobs are done as soon as they are queued.
_SETTINGS = {
    "requests_per_minute": 1_000_000_000,
    "tickets_update_per_minute": None,
    "per_ticket_updates": None,
    "job_start_delay": 0.0,
    "job_rate": 1e9,
}


class Connection:
    """The least that HTTP needs, so that the client costs little beside the sandbox."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: str = "") -> bytes:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: sandbox.test\r\nAuthorization: Basic {_CREDENTIALS}"
        )
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
        self._socket.sendall(f"{head}\r\n{kind}\r\n\r\n{body}".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._received()
        head_bytes, _, content = received.partition(b"\r\n\r\n")
        if not head_bytes.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{method} {path}: {head_bytes.splitlines()[0].decode()}")
        length = int(re.search(rb"(?i)content-length: (\d+)", head_bytes)[1])
        parts, missing = [content], length - len(content)
        while missing > 0:
            parts.append(self._received())
            missing -= len(parts[-1])
        return b"".join(parts)

    def _received(self) -> bytes:
        received = self._socket.recv(1 << 18)
        if not received:
            raise ConnectionError("The sandbox hung up.")
        return received


class Server:
    """The sandbox's process and its worker."""

    def __init__(self, sandbox: servers.Sandbox) -> None:
        self.port, self.ready, pid = sandbox.port, sandbox.ready, sandbox.process.pid
        self._worker = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def processor_seconds(self) -> float:
        return processes.seconds(self._worker)

    def megabytes(self, name: str) -> int:
        """VmRSS is now, VmHWM the peak."""
        return processes.kilobytes(self._worker, name) // processes.MEGABYTE


_said: list[str] = []


def say(line: str) -> None:
    _said.append(line)
    print(line, flush=True)


def measure(
    server: Server, name: str, count: int, ask: Callable[[Connection, int], object]
) -> None:
    """Ask so many times over all connections, and print how fast that was."""
    errors: list[BaseException] = []

    def work(first: int) -> None:
        connection = Connection(server.port)
        try:
            for number in range(first, count, _CONNECTIONS):
                ask(connection, number)
        except (OSError, RuntimeError) as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=[first]) for first in range(_CONNECTIONS)]
    begun, processor = time.monotonic(), server.processor_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    took, busy = time.monotonic() - begun, server.processor_seconds() - processor
    say(f"{name}: {count / took:,.0f}/s, on one core {count / max(busy, 0.01):,.0f}/s")


def measure_reading(server: Server, tickets: int, when: str) -> None:
    dice = random.Random(1)

    def path(most: int) -> str:
        ids = (str(dice.randint(1, most)) for _ in range(100))
        return f"/api/v2/tickets/show_many?ids={','.join(ids)}"

    def ticket(connection: Connection, _number: int) -> None:
        connection.ask("GET", f"/api/v2/tickets/{dice.randint(1, tickets)}")

    def few(connection: Connection, _number: int) -> None:
        connection.ask("GET", path(min(tickets, 10_000)))

    def many(connection: Connection, _number: int) -> None:
        connection.ask("GET", path(tickets))

    measure(server, f"GET /tickets/{{id}}, any, {when}", 10_000, ticket)
    measure(server, f"GET /tickets/show_many of 100, any, {when}", 1_500, many)
    measure(server, f"GET /tickets/show_many of 100, the first 10,000, {when}", 5_000, few)


def measure_changing(server: Server, tickets: int) -> None:
    """Change every ticket, 100 in one call of update_many."""
    body = json.dumps({"ticket": {"additional_tags": ["changed"]}})
    calls = -(-tickets // 100)

    def change(connection: Connection, number: int) -> None:
        first = number * 100 + 1
        ids = ",".join(map(str, range(first, min(first + 100, tickets + 1))))
        connection.ask("PUT", f"/api/v2/tickets/update_many?ids={ids}", body)

    measure(server, f"PUT /tickets/update_many of 100, all {tickets:,} tickets", calls, change)


def measure_job_statuses(server: Server) -> None:
    connection = Connection(server.port)
    body = json.dumps({"ticket": {"additional_tags": ["once-more"]}})
    path = "/api/v2/tickets/update_many?ids=" + ",".join(map(str, range(1, 101)))
    name = json.loads(connection.ask("PUT", path, body))["job_status"]["id"]

    def status(connection: Connection, _number: int) -> None:
        connection.ask("GET", f"/api/v2/job_statuses/{name}")

    measure(server, "GET /job_statuses/{id} of 100 results", 5_000, status)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    chosen = parser.parse_args()
    tickets = chosen.tickets
    with servers.sandbox(1000, tickets, **_SETTINGS) as sandbox:
        server = Server(sandbox)
        say(f"{tickets:,} tickets ready: {server.ready:.1f} s, {server.megabytes('VmRSS')} MB")
        measure_reading(server, tickets, "as made")
        measure_changing(server, tickets)
        measure_job_statuses(server)
        say(f"all changed: {server.megabytes('VmRSS')} MB")
        measure_reading(server, tickets, "changed")
        summary = json.loads(Connection(server.port).ask("GET", "/_sandbox/summary?tag=changed"))
        say(f"tickets with the tag: {summary['with_tag']:,} of {summary['tickets']:,}")
        say(f"peak memory: {server.megabytes('VmHWM')} MB")
    if chosen.write:
        results.keep(report())


def report() -> str:
    lines = "\n".join(f"- {line}" for line in _said)
    return f"""## The sandbox

{results.today()}; `make bench-sandbox`. {_CONNECTIONS} connections; “on one core” is per second of the sandbox's own
processor time.

{lines}
"""


if __name__ == "__main__":
    main()
