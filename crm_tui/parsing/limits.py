"""How much of a foreign letter is looked at, so that none can hold a thread or fill the memory."""

from dataclasses import dataclass

from crm_tui.domain.errors import Invalid


class ParseRefused(Invalid):
    """The bytes are out of all bounds; nothing of them was looked at."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one letter, in bytes where not said otherwise (measured in assurance 1.3).

    What lies beyond a bound is left out and named in the letter's ``problems``; only a letter longer than
    ``letter`` is refused as a whole.
    """

    letter: int = 100 * 2**20
    headers: int = 256 * 2**10
    header: int = 16 * 2**10
    depth: int = 50
    parts: int = 500
    text: int = 2 * 2**20
    html: int = 2 * 2**20
    addresses: int = 1000


DEFAULT = Limits()
