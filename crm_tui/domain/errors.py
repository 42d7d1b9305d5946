"""The one tree of errors. An error carries a code and facts, never a text for a person."""

from typing import Any


class CrmError(Exception):
    """A fault that a person or a script is told about.

    ``code`` is stable and machine-readable; ``facts`` are the values that the text for a person is made of.
    """

    def __init__(self, code: str, /, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({facts})"


class NotFound(CrmError):
    """The record asked for is not there (exit code 3)."""


class Refused(CrmError):
    """A rule forbids the act; nothing was changed."""


class Invalid(CrmError):
    """The input cannot be understood or is out of bounds; nothing was changed."""


class Conflict(CrmError):
    """Somebody else changed the same thing meanwhile (exit code 5)."""


class StoreBusy(CrmError):
    """Another process holds the store longer than we wait (exit code 5); facts name the holder."""


class StoreDamaged(CrmError):
    """The store's file is corrupt, or newer than this program (exit code 1)."""


class LoginRefused(CrmError):
    """A mail server refused the name or password (exit code 4)."""


class NetworkTrouble(CrmError):
    """A server cannot be reached or talks nonsense; trying later may help (exit code 6)."""


class BadConfig(CrmError):
    """The configuration cannot be used (exit code 7)."""
