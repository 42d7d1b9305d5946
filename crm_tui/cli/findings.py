"""What a check of ``crm doctor`` finds."""

from dataclasses import dataclass

OK, WARN, FAIL = "OK", "WARN", "FAIL"
"""In order; works, yet something is lost; does not work. Stable words, not translated."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, its state, what was found, and how to mend it."""

    name: str
    """Stable and short, for scripts: ``python``, ``store.integrity``, ``account.NAME``."""
    state: str
    detail: str
    fix: str = ""
