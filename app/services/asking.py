"""Asking Zendesk about many things, several at a time: one after the other, its answers would set the pace."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import TypeVar

from flask import current_app

from app.zendesk.errors import ZendeskError

ItemT = TypeVar("ItemT")
AnswerT = TypeVar("AnswerT")

# With answers that take a third of a second, so many keep up with 1,400 calls a minute.
AT_ONCE = 8


def ask_each(
    items: Iterable[ItemT], ask: Callable[[ItemT], AnswerT]
) -> Iterator[tuple[ItemT, AnswerT]]:
    """Each of the items with its answer, as far as there are answers.

    After a call that failed no other is begun; what was answered meanwhile still comes, and then its ZendeskError.
    """
    app = current_app._get_current_object()  # pyright: ignore[reportAttributeAccessIssue] # noqa: SLF001
    has_failed = threading.Event()

    def answered(item: ItemT) -> AnswerT:
        if has_failed.is_set():
            raise CancelledError
        try:
            with app.app_context():
                return ask(item)
        except BaseException:
            has_failed.set()
            raise

    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [(item, pool.submit(answered, item)) for item in items]
        try:
            yield from _answers(asked)
        finally:  # also after a fault of ours, and where nobody wants the rest
            pool.shutdown(wait=False, cancel_futures=True)


def _answers(asked: list[tuple[ItemT, Future[AnswerT]]]) -> Iterator[tuple[ItemT, AnswerT]]:
    failure = None
    for item, future in asked:
        try:
            answer = future.result()
        except CancelledError:
            continue
        except ZendeskError as error:
            failure = failure or error
        else:
            yield item, answer
    if failure:
        raise failure
