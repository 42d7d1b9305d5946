"""The look at a letter before it is sent: who gets it, who of them is outside, and what it says."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain import address
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmDialog
from crm_tui.services.compose import Writing
from crm_tui.services.outgoing import Mailbox
from crm_tui.widgets.footer import Footer

SEND, DISCARD = "send", "discard"
SHOWN_LINES = 200


class Review(CrmDialog[str]):
    """Answers ``send``, ``discard``, or None to go on writing. ``outside`` are the addresses of strangers (T-5)."""

    SCOPES = ("review",)

    def __init__(
        self,
        writing: Writing,
        sender: str,
        to: Sequence[Mailbox],
        cc: Sequence[Mailbox],
        outside: set[str],
    ) -> None:
        super().__init__()
        self._writing = writing
        self._sender = sender
        self._to, self._cc = to, cc
        self._outside = outside

    def compose(self) -> ComposeResult:
        count = len({where for _name, where in (*self._to, *self._cc)})
        title = ngettext("Send to {n} address?", "Send to {n} addresses?", count).format(n=count)
        with Vertical(classes="dialog"):
            yield Static(Content(title), classes="dialog-title")
            with VerticalScroll(classes="review-letter"):
                yield Static(Content("\n".join(self._lines())))
            yield Static(Content(_("y sends · e goes on writing · q throws it away")), classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def command_review_send(self, argument: str = "") -> None:
        self.dismiss(SEND)

    def command_review_edit(self, argument: str = "") -> None:
        self.dismiss(None)

    def command_review_discard(self, argument: str = "") -> None:
        self.dismiss(DISCARD)

    def _lines(self) -> Iterable[str]:
        yield _("From: {sender}").format(sender=self._sender)
        for label, boxes in ((_("To"), self._to), (_("Cc"), self._cc)):
            for name, where in boxes:
                mark = " " + _("[outside]") if where in self._outside else ""
                yield f"{label}: {clean(address.joined(name, where))}{mark}"
        yield _("Subject: {subject}").format(subject=clean(self._writing.subject) or _("! none"))
        yield ""
        lines = clean(self._writing.body, multiline=True).rstrip().split("\n")
        yield from lines[:SHOWN_LINES]
        if len(lines) > SHOWN_LINES:
            yield "…"
