"""What the customer wrote: without markup, quoted mail, greetings and signatures.

It takes time in proportion to the text, whatever that is.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

READ = 20_000  # characters of a description; the mirror keeps no more
_LONGEST_MARK = 250  # characters of a line that announces quoted mail

# Controls, what cannot be seen, what turns the text around, and halves of characters: no database wants all of them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
_BLOCK = re.compile(r"</?(?:br|p|div|li|ul|tr|table|h[1-6]|blockquote)\b[^<>]{0,1000}>", re.I)
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")
_LETTER = re.compile(r"[^\W\d_]")

_QUOTE_BEGINS = re.compile(
    r"^(?:"
    r"[-_]{2,}\s*(?:original|forwarded|begin forwarded|ursprüngliche|weitergeleitete"
    r"|message d.origine|message transféré|mensaje original|mensaje reenviado|mensagem original|messaggio originale).*"
    r"|(?:on|am|le|el|em|il)\b.{5,160}\b(?:wrote|schrieb|écrit|escribió|escreveu|scritto)\b.{0,60}"
    r"|_{20,}"
    r")$",
    re.I,
)
_HEADER = re.compile(r"^\W{0,3}(?:from|von|de|da|sent|gesendet|envoyé|enviado)\s?:\s?\S", re.I)
_SIGNATURE = re.compile(
    r"^(?:--\s?|sent (?:from|via) my\b.*|get outlook\b.*|von meinem \w+ gesendet.*|envoyé (?:de|depuis) mon\b.*"
    r"|enviado desde mi\b.*|inviato da\b.*)$",
    re.I,
)
_CLOSING = re.compile(
    r"^(?:(?:kind|best|warm|many)?\s?regards|best wishes|yours|sincerely|cheers"
    r"|(?:mit )?(?:freundliche[nr]?|viele|liebe|beste|herzliche) gr(?:ü|u|ue)(?:ß|ss)en?"
    r"|mfg|lg|vg|hochachtungsvoll"
    r"|cordialement|bien (?:à vous|cordialement)|salutations"
    r"|un saludo|saludos|atentamente|cordiali saluti|distinti saluti|atenciosamente|よろしく)",
    re.I,
)
_THANKS = re.compile(
    r"^(?:many thanks|thanks|thank you|please get back|please help|help"
    r"|danke|vielen dank|besten dank|herzlichen dank|ich warte auf"
    r"|merci|je vous remercie|gracias|muchas gracias|grazie|obrigad[oa]|よろしく|お世話に)",
    re.I,
)
_GREETING = re.compile(
    r"^(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|to whom it may concern|greetings"
    r"|hallo|guten (?:tag|morgen|abend)|moin|servus|sehr geehrte[rs]?|liebe[rs]?"
    r"|bonjour|bonsoir|salut|madame|monsieur|chère|cher"
    r"|hola|buen[oa]s? (?:días|dias|tardes|noches)|estimad[oa]s?|querid[oa]s?"
    r"|olá|bom dia|boa (?:tarde|noite)|buongiorno|buonasera|salve|ciao"
    r"|こんにちは|お世話になっております)(?!\w)",
    re.I,
)
_AFTER_GREETING = re.compile(r"[^,!.:;?。]{0,40}[,!.:;。]+\s*|\s*$")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。\uff01\uff1f])")
_LONGEST_CLOSING = 60
_LONGEST_NAME = 25


@dataclass(frozen=True)
class OwnWords:
    """The lines that are left."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def sentences(self) -> Iterator[str]:
        """In their order, without those that only greet, thank or say goodbye."""
        for line in self.lines:
            for sentence in _SENTENCE_END.split(line):
                if sentence.strip() and not _only_thanks(sentence):
                    yield sentence.strip()


def in_one_line(text: str) -> str:
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """The text without what cannot be seen, with its lines parted alike."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def own_words(description: str) -> OwnWords:
    """What is quoted stays if there is nothing else."""
    text = without_markup(visible(description[:READ]))
    lines = [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]
    kept = list(_kept(lines)) or [line.lstrip("> |") for line in lines if _LETTER.search(line)]
    return OwnWords(tuple(kept))


def without_markup(text: str) -> str:
    if "<" in text:
        text = _MARKUP.sub(" ", _BLOCK.sub("\n", text))
    return visible(html.unescape(text)) if "&" in text else text


def _kept(lines: list[str]) -> Iterator[str]:
    is_first = True
    for line in lines:
        if line.startswith((">", "|")):
            continue
        if _ends_own_words(line):
            return
        if is_first:
            line = _without_greeting(line)
        if line:
            is_first = False
            yield line


def _ends_own_words(line: str) -> bool:
    if len(line) <= _LONGEST_MARK and (_QUOTE_BEGINS.match(line) or _SIGNATURE.match(line)):
        return True
    if _HEADER.match(line) and len(line) <= _LONGEST_MARK and ("@" in line or "<" in line):
        return True
    return len(line) <= _LONGEST_CLOSING and _closes(line)


def _closes(line: str) -> bool:
    """“Regards, Ada” says goodbye; “Regards the order of May: it never came” does not."""
    found = _CLOSING.match(line)
    return bool(found) and len(line) - found.end() <= _LONGEST_NAME


def _only_thanks(sentence: str) -> bool:
    return len(sentence) <= _LONGEST_CLOSING and bool(_THANKS.match(sentence))


def _without_greeting(line: str) -> str:
    found = _GREETING.match(line)
    if not found:
        return line
    rest = line[found.end() :]
    after = _AFTER_GREETING.match(rest)
    if after:
        return rest[after.end() :]
    return "" if len(rest) <= _LONGEST_NAME else rest.strip()
