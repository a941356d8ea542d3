"""What is said of an environment with which the app does not start."""


class ConfigError(Exception):
    """The environment asks for something unsafe or impossible. Its text tells the operator what to do."""
