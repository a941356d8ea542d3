"""How long a search among 5,000 macros takes, and renewing their copy.

    python -m bench.macro_search [--macros N] [--database URL]

Each search is made as the page makes it: the first 25 with the total, marked, and the categories and tags to choose
from. The database is an empty SQLite file, unless an empty one is named.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from app.config import Config
from app.extensions import db
from app.models import Role, User
from app.services.macro_library import copying, highlight, search, where_used
from app.services.macro_library.search import Search, Sort, State
from app.zendesk.sandbox import Sandbox, Settings
from bench import results
from bench.servers import broker
from tests.fixtures.zendesk import BASE_URL, WsgiAdapter

CHECKOUT = Path(__file__).parents[1]

SEARCHES = {
    "nothing typed": Search(),
    "one letter": Search("e", state=State.ANY),
    "a word": Search("refund", state=State.ANY),
    "the beginning of a word": Search("erst", state=State.ANY),
    "three words": Search("your firm version", state=State.ANY),
    "Japanese": Search("配送所のストライキ", state=State.ANY),
    "nothing is found": Search("wombat", state=State.ANY),
    "a tag, by use": Search(tag="refund-due", sort=Sort.USED),
    "a category, by change": Search("e", category="Billing", sort=Sort.CHANGED),
}
TIMES = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--macros", type=int, default=5000)
    parser.add_argument("--database")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, broker() as redis_url:
        config = Config(
            SQLALCHEMY_DATABASE_URI=chosen.database or f"sqlite:///{folder}/bench.db",
            REDIS_URL=redis_url,
            ZENDESK_SUBDOMAIN="sandbox",
            ZENDESK_BASE_URL=BASE_URL,
            ZENDESK_EMAIL="admin@sandbox.test",
            ZENDESK_API_TOKEN="sandbox-token",
        )
        app = create_app(config)
        app.config["ZENDESK_TRANSPORT"] = WsgiAdapter(account(chosen.macros))
        with app.app_context():
            upgrade(directory=str(CHECKOUT / "migrations"))
            measure(chosen.macros)


def account(macros: int) -> Sandbox:
    """The sandbox with so many macros: those of its library, over and over with another number."""
    fake = Sandbox(Settings(tickets=0, requests_per_minute=100_000))
    library = fake.desk.macros.all()
    for number in range(len(library), macros):
        model = library[number % len(library)]
        said = (
            "comment_value",
            f"Case {number}: {model.title}. " + "Some more words to read. " * 20,
        )
        title, actions = f"{model.title} {number}", (*model.actions, said)
        copy = replace(model, id=model.id + 10_000 + number, title=title, actions=actions)
        fake.desk.macros._by_id[copy.id] = copy  # noqa: SLF001 - one by one it would save each time
    return fake


def measure(macros: int) -> None:
    print(f"{results.today()}\n{db.engine.dialect.name}, {macros:,} macros\n")
    for what in ("copying all", "copying none, as nothing changed"):
        start = time.monotonic()
        assert copying.renew()
        print(f"{what:40} {time.monotonic() - start:6.1f} s")
    user = User(email="agent@giga.test", role=Role.USER)
    print(f"\n{'one page of a search':40} {'median':>8} {'slowest':>8} {'found':>6}")
    for name, wanted in SEARCHES.items():
        times, found = zip(*(timed(user, wanted) for _ in range(TIMES)), strict=True)
        print(f"{name:40} {statistics.median(times):5.1f} ms {max(times):5.1f} ms {found[0]:6,}")


def timed(user: User, wanted: Search) -> tuple[float, int]:
    """Milliseconds for a page, as it is shown, and how many macros are found in all."""
    db.session.rollback()
    start = time.perf_counter()
    found = search.page(user, wanted)
    search.other_states(user, wanted)
    for macro in found.items:
        highlight.parts(macro.title, wanted.query)
        highlight.excerpt(macro.comment, wanted.query)
    where_used.categories(user)
    where_used.tags(user)
    return 1000 * (time.perf_counter() - start), found.total


if __name__ == "__main__":
    main()
