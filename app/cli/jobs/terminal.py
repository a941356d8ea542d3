"""Text on a terminal: what Zendesk's people wrote must not steer it, and one line that is written over."""

import re
import shutil
import sys
import unicodedata

import click

# Titles of windows, colours and movements, to their end. What is left of others loses its control characters.
_SEQUENCES = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
)
# Of control and format characters, these two only join letters and emoji.
_JOINERS = "\u200c\u200d"
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_BAR = 16


def plain(text: str, keep: str = "") -> str:
    """The text without what would steer a terminal, or turn what is around it. `keep`: control characters to leave."""
    if text.isascii() and text.isprintable():
        return text
    text = _SEQUENCES.sub("", text)
    return _spaced(text, keep)


def _spaced(text: str, keep: str) -> str:
    return "".join(
        one
        if one in keep or one in _JOINERS or unicodedata.category(one) not in _STEERING
        else " "
        if one in "\t\n\r"
        else ""
        for one in text
    )


def bar(percent: int) -> str:
    full = _BAR * percent // 100
    return f"[{'#' * full}{'-' * (_BAR - full)}] {percent:>3} %"


class Line:
    """One line on standard error that is written over, if that is a terminal; else a new line now and then."""

    def __init__(self) -> None:
        self.is_live = sys.stderr.isatty()
        self._shown = ""

    def show(self, words: str) -> None:
        words = plain(words)
        if words == self._shown:
            return
        self._shown = words
        if self.is_live:
            width = shutil.get_terminal_size().columns - 1
            click.echo(f"\r\x1b[K{words[:width]}", err=True, nl=False)
        else:
            click.echo(words, err=True)

    def end(self) -> None:
        """Leave the place to other words."""
        if self.is_live and self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
        self._shown = ""
