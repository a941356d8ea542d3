"""The words of a ticket that may say what it is about: without courtesy, names, numbers of orders, and endings."""

import re
import unicodedata
from functools import lru_cache

from .vocabulary import LONGEST, MEANINGS, SHORTEST, STOP_WORDS

SUBJECT_TWICE = 2  # a word of the subject counts for so many of the description
_READ = 1_500  # characters of a description that are looked through
_MEANINGFUL = 600  # characters that are kept of it
_LONGEST_WORD = 30  # letters; a longer one is no word

_HIDDEN = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.\w[\w.]{0,64}|\{\{[^}]{0,80}\}\}|<[^>]{0,200}>"
    r"|#\s?[\w-]*\d[\w-]*|\b(?=[\w-]{0,30}\d{5})[\w-]+|\+?\d[\d ()/-]{7,}\d"
)
_QUOTED = re.compile(
    r"^\s*(?:>|-{3,} ?original|-----|von:|from:|sent from my|on .{5,60} wrote:)", re.I
)
_SIGNED = re.compile(
    r"^\s*(?:--\s*$|(?:kind |best )?regards|sincerely|cheers|mit freundlichen|viele grüße|cordialement|saludos"
    r"|un saludo|cordiali saluti|met vriendelijke)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"^\s*(?:(?:re|fw|fwd|aw|wg|sv|tr|rv|res)\s*:\s*)+", re.I)
_DANGLING = re.compile(
    r"[\s,;:–(-]+(?:for|of|to|the|a|my|no|number|order|für|der|die|das|nr|pour|de|del|la|n°|para|per|di)?[\s,;:–(#-]*$",
    re.I,
)
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+(?:-[^\W_]+)*")
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDING = re.compile(r"[\u3040-\u309f]{2}")  # hiragana alone: in Japanese, endings and courtesy
_ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ungen",
    "ung",
    "ements",
    "ement",
    "ies",
    "ed",
    "es",
    "en",
    "er",
    "s",
    "e",
)


def meaningful(description: str) -> str:
    """Its first part that the customer wrote: no quoted mail, no signature, no address."""
    kept: list[str] = []
    for line in description[:_READ].splitlines():
        if _QUOTED.match(line) or (_SIGNED.match(line) and kept):
            break
        kept.append(line)
    return masked("\n".join(kept))[:_MEANINGFUL]


def masked(text: str) -> str:
    """The same in plain letters, without addresses, markup and numbers of orders and phones."""
    plain = unicodedata.normalize("NFKC", text.replace("\0", " "))
    return _HIDDEN.sub(" ", plain)


def cleaned(subject: str) -> str:
    """A subject as a label: without “Re:”, numbers, addresses, and what dangles when they are gone."""
    text = _ANSWERED.sub("", " ".join(masked(subject).split()))
    while (shorter := _DANGLING.sub("", text)) != text:
        text = shorter
    text = re.sub(r"\s+([?!.,])", r"\1", text).strip(" .,;:–-!#\"'")
    return re.sub(r"([!?])[!?]+", r"\1", text)


def words(text: str) -> list[str]:
    """In their order and without endings. Scripts that write no spaces give pairs of letters."""
    found: list[str] = []
    for match in _WORD.finditer(text.lower()):
        found.extend(parts(match[0]))
    return found


def words_of(subject: str, description: str) -> list[str]:
    """Of a ticket; those of its subject count more."""
    return words(masked(subject[:_MEANINGFUL])) * SUBJECT_TWICE + words(meaningful(description))


@lru_cache(maxsize=65_536)
def parts(word: str) -> tuple[str, ...]:
    """What a word, or a text without spaces, is for the comparison with others: nothing, one thing or several."""
    if _WITHOUT_SPACES.search(word):
        pairs = (word[place : place + 2] for place in range(min(len(word), 200) - 1))
        return tuple(pair for pair in pairs if not _ENDING.fullmatch(pair))
    if word in STOP_WORDS or not 1 < len(word) < _LONGEST_WORD:
        return ()
    return (meaning(word) or stem(word),)


def meaning(word: str) -> str | None:
    """What the word means to a support desk, whatever its language."""
    if found := MEANINGS.get(word):
        return found
    for length in range(min(LONGEST, len(word) - 1), SHORTEST - 1, -1):
        if found := MEANINGS.get(word[:length]):
            return found
    return None


def stem(word: str) -> str:
    """Without a common ending, which is enough to let `boils` and `boiling` meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
