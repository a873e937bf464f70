"""The exceptions nb2mod raises on purpose. The command line turns each into one sentence and an exit status.

Nb2modError
├── UsageError         exit 2: wrong option, path or value
│   └── ConfigError    exit 2: pyproject.toml; names the key
├── UnreadableNotebook   a file that is no notebook; data in the report unless it was named
└── Refused            exit 3: nothing was written (a proof failed, a file changed, another nb2mod is at work)
"""


class Nb2modError(Exception):
    """Expected trouble: the message says what was expected, what was found, and what to do."""


class UsageError(Nb2modError):
    """Wrong usage of the command line, or a named path that can't be read."""


class ConfigError(UsageError):
    """The configuration is wrong; the message names file and key."""


class UnreadableNotebook(Nb2modError):
    """The bytes are no notebook that nb2mod can read. `code` is the NB4xx code that says why."""

    def __init__(self, message: str, code: str = "NB404") -> None:
        super().__init__(message)
        self.code = code


class Refused(Nb2modError):
    """Nothing was written, and why."""
