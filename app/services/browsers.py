"""What a browser says of itself, in the words of people."""

import re

# The first that fits: most call themselves Chrome and Safari as well.
_NAMES = (
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/|Chromium/|HeadlessChrome/", "Chrome"),
    ("Version/.* Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X|Macintosh", "a Mac"),
    ("Linux|X11", "Linux"),
)


def in_words(user_agent: str) -> str:
    """Such as “Firefox on Windows”. Anybody may claim anything here."""
    name = _first(_NAMES, user_agent) or "Another program"
    system = _first(_SYSTEMS, user_agent)
    return f"{name} on {system}" if system else name


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((word for pattern, word in known if re.search(pattern, user_agent)), "")
