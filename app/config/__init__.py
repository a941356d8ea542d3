"""Settings of the app, read from the environment once, at start."""

from app.config.claude_prices import Price, Prices, claude_prices
from app.config.config import DEVELOPMENT_KEY, VERSION, Config, database_uri
from app.config.error import ConfigError
from app.config.hosts import hosts_of, is_this_machine
from app.config.keys import split_keys
from app.config.mail_server import MailServer, mail_server

__all__ = [
    "DEVELOPMENT_KEY",
    "VERSION",
    "Config",
    "ConfigError",
    "MailServer",
    "Price",
    "Prices",
    "claude_prices",
    "database_uri",
    "hosts_of",
    "is_this_machine",
    "mail_server",
    "split_keys",
]
