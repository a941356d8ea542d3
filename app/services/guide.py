"""The user guide: the Markdown files of docs/guide, as pages of the console."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import sub

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "guide"
FIRST = "index"
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Page:
    name: str
    title: str
    html: Markup


def names() -> list[str]:
    """The pages that there are."""
    return sorted(file.stem for file in FOLDER.glob("*.md"))


@cache
def page(name: str) -> Page | None:
    """The page of this name, if there is one."""
    if name not in names():
        return None
    tokens = _markdown.parse((FOLDER / f"{name}.md").read_text())
    title = ""
    for opening, inside in _with_next(tokens):
        if opening.type == "heading_open":
            title = title or inside.content
            opening.attrSet("id", _anchor(inside.content))
        for part in opening.children or ():
            _adapt(part)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    # The HTML is made of our own files, and HTML that stands in them is not let through.
    return Page(name, title, Markup(html))  # noqa: S704 # nosec B704


def _with_next(tokens: list[Token]) -> list[tuple[Token, Token]]:
    return list(zip(tokens, [*tokens[1:], tokens[-1]], strict=True))


def _adapt(part: Token) -> None:
    """Links between the files lead to the pages; pictures are fetched when they come into sight."""
    if part.type == "link_open":
        target = str(part.attrGet("href"))
        part.attrSet("href", sub(r"^([\w-]+)\.md(?=#|$)", r"\1", target))
    if part.type == "image":
        part.attrSet("loading", "lazy")


def _anchor(heading: str) -> str:
    return sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
