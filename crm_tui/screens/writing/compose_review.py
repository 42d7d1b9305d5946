"""The look at a letter before it is sent: who gets it, who of them is outside, and what it says (field.md L-20)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmDialog
from crm_tui.services.writing import letter_review
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.letter_build import Mailbox
from crm_tui.services.writing.letter_review import Review
from crm_tui.widgets.footer import Footer

SEND, DISCARD, POSTPONE, TEMPLATE, ATTACH, LATER, FALLBACK = (
    "send",
    "discard",
    "postpone",
    "template",
    "attach",
    "later",
    "fallback",
)
SHOWN_LINES = 200
FEW_RECIPIENTS = 4
"""So many are listed without being asked for."""
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\(cid:[^)\s]*\)")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A letter and what is known of it, as texts for a person where they are texts."""

    writing: Writing
    sender: str
    review: Review
    files: tuple[str, ...]
    goes: str
    """When it goes out, where a time was chosen."""


class ReviewDialog(CrmDialog[str]):
    """Answers what is to be done, or None to go on writing."""

    SCOPES = ("review",)

    def __init__(self, reviewed: Reviewed) -> None:
        super().__init__()
        self._reviewed = reviewed
        self._all_shown = len(reviewed.review.recipients.addresses) <= FEW_RECIPIENTS

    def compose(self) -> ComposeResult:
        count = len(self._reviewed.review.recipients.addresses)
        title = ngettext("Send to {n} address?", "Send to {n} addresses?", count).format(n=count)
        with Vertical(classes="dialog"):
            yield Static(Content(title), classes="dialog-title")
            with VerticalScroll(classes="review-letter"):
                yield Static(Content(""), id="review-text")
            yield Static(Content(""), classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
        self._draw()
        self._say_empty()

    def command_review_send(self, argument: str = "") -> None:
        if self._reviewed.review.empty:
            self._say_empty()
        else:
            self.dismiss(SEND)

    def command_review_edit(self, argument: str = "") -> None:
        self.dismiss(None)

    def command_review_template(self, argument: str = "") -> None:
        self.dismiss(TEMPLATE)

    def command_review_attach(self, argument: str = "") -> None:
        self.dismiss(ATTACH)

    def command_review_recipients(self, argument: str = "") -> None:
        """Show or hide whom the letter goes to (MAIL-29)."""
        self._all_shown = not self._all_shown
        self._draw()

    def can_review_fallback(self) -> bool | str:
        return True if self._reviewed.review.empty else _("Nothing of a template is empty here.")

    def command_review_fallback(self, argument: str = "") -> None:
        self.dismiss(FALLBACK)

    def command_review_later(self, argument: str = "") -> None:
        self.dismiss(LATER)

    def command_review_postpone(self, argument: str = "") -> None:
        self.dismiss(POSTPONE)

    def command_review_discard(self, argument: str = "") -> None:
        self.dismiss(DISCARD)

    def _say_empty(self) -> None:
        """What refuses the letter (story B4), or what can be done with it."""
        empty = self._reviewed.review.empty
        text = _("y sends · e goes on writing · p keeps it for later · D throws it away")
        if empty:
            text = ngettext(
                "! {names} is empty: e edit, f fallback",
                "! {names} are empty: e edit, f fallback",
                len(empty),
            ).format(names=", ".join(name.rpartition(".")[2] for name in empty))
        self.query_one(".dialog-note", Static).update(Content(text))

    def _draw(self) -> None:
        self.query_one("#review-text", Static).update(Content("\n".join(self._lines())))

    def _lines(self) -> Iterator[str]:
        reviewed = self._reviewed
        yield _("From: {sender}").format(sender=reviewed.sender)
        yield from self._recipient_lines()
        yield _("Subject: {subject}").format(subject=clean(reviewed.writing.subject) or _("! none"))
        for file in reviewed.files:
            yield _("File: {file}").format(file=file)
        if reviewed.goes:
            yield _("Goes: {date}").format(date=reviewed.goes)
        for code in reviewed.review.questions:
            yield "? " + _(letter_review.QUESTIONS[code])
        yield ""
        body = _PICTURE.sub(lambda found: _("[image: {name}]").format(name=found[1]), reviewed.writing.body)
        lines = clean(body, multiline=True).rstrip().split("\n")
        yield from lines[:SHOWN_LINES]
        if len(lines) > SHOWN_LINES:
            yield "…"

    def _recipient_lines(self) -> Iterator[str]:
        recipients, outside = self._reviewed.review.recipients, self._reviewed.review.outside
        for label, boxes in ((_("To"), recipients.to), (_("Cc"), recipients.cc), (_("Bcc"), recipients.bcc)):
            if boxes:
                yield from self._field_lines(label, boxes, outside)

    def _field_lines(self, label: str, boxes: Sequence[Mailbox], outside: frozenset[str]) -> Iterator[str]:
        if not self._all_shown:
            strangers = sum(where in outside for _name, where in boxes)
            counted = ngettext("{n} address", "{n} addresses", len(boxes)).format(n=len(boxes))
            yield _("{field}: {addresses}, {strangers} outside (i shows them)").format(
                field=label, addresses=counted, strangers=strangers
            )
            return
        for name, where in boxes:
            sign, mark = ("> ", " " + _("[outside]")) if where in outside else ("", "")
            yield f"{label}: {sign}{clean(address.joined(name, where))}{mark}"
