"""The shape of one language's content.

A step of a conversation is a row of paragraphs, each a choice of sentences. Slots in braces: ``first`` (how the
reader is addressed), ``product``, ``qty``, ``unit``, ``price``, ``total``, ``number``, ``date``, ``city``, ``firm``.
"""

from dataclasses import dataclass
from typing import TypeAlias

Step: TypeAlias = tuple[tuple[str, ...], ...]

SALE_STEPS = ("inquiry", "offer", "question", "answer", "order", "invoice", "paid", "shipped", "thanks")
LOST_STEPS = ("inquiry", "offer", "reminder", "refusal")
SERVICE_STEPS = ("request", "taken", "visit", "confirmed", "report", "satisfied")
FROM_CUSTOMER = {
    "inquiry", "question", "order", "paid", "thanks", "refusal", "request", "confirmed", "satisfied",
}  # fmt: skip
PRICES = (485_000, 1_240_000, 96_000, 38_500, 2_150_000, 167_000, 54_000, 312_000, 720_000, 24_800)
"""Prices in tenge of the products, in the order in which every language names them."""


@dataclass(frozen=True)
class Language:
    """What is said in one language."""

    code: str
    currency: str
    tenge: float
    """How many tenge one unit of ``currency`` is worth in the demo."""
    phone: str
    """How mobile numbers begin: seven digits follow."""
    men: tuple[tuple[str, str], ...]
    """First name, and the form by which one is addressed."""
    women: tuple[tuple[str, str], ...]
    surnames: tuple[tuple[str, str], ...]
    """Of a man, of a woman."""
    firms: tuple[tuple[str, str, str], ...]
    """Name, host name without its ending, city."""
    roles: tuple[str, ...]
    products: tuple[str, ...]
    unit: str
    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    sale_subjects: tuple[str, ...]
    service_subjects: tuple[str, ...]
    steps: dict[str, Step]
    notes: tuple[tuple[str, str, str], ...]
    """Letters between colleagues: subject, question, answer."""
    newsletters: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    """Sender, host name, subject, paragraphs."""
    junk: tuple[tuple[str, str, str], ...]
    """Sender, subject, text."""
    auto_reply: tuple[str, str]
    """Beginning of the subject, and the text."""
    bounce: str
    company: str
    """The demo company's name."""
    called: str
    """How the demo's user is addressed in a letter."""
    colleagues: tuple[tuple[str, str, str], ...]
    """Name, local part, role; the first is the user of the demo."""
    zone: str
    folders: dict[str, str]
    """Names of the folders ``processed``, ``newsletters``, ``suppliers``."""
    sources: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]
    """Subject and result of a call."""
    meetings: tuple[str, ...]
    tasks: tuple[str, ...]
    own_tasks: tuple[str, ...]
    comments: dict[str, str]
    """State of a sale → what is said of an Interest that came to it."""
    lost_reasons: tuple[str, ...]
    decline_reasons: tuple[str, ...]
    events: tuple[tuple[str, str], ...]
    """Recurring events of the company: summary and place, in the order of ``crm.RECURRING``."""
    invitation: tuple[str, str]
    """Subject and text of an invitation; ``{firm}`` invites."""
