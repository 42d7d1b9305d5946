"""The second step of the account wizard: how mail is fetched, and by which servers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.widget import Widget

from crm_tui.domain.errors import Invalid
from crm_tui.domain.identity import address
from crm_tui.i18n import N_, _
from crm_tui.screens.forms.form_fields import SideChoice
from crm_tui.services.account import providers
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.text_field import TextField

SECURITIES = (("tls", "TLS"), ("starttls", "STARTTLS"), ("none", N_("none (this machine only)")))
KINDS = (("imap", N_("IMAP: folders on the server")), ("pop3", N_("POP3: letters are copied here")))
PORTS = {
    "imap": {"tls": "993", "starttls": "143", "none": "143"},
    "pop3": {"tls": "995", "starttls": "110", "none": "110"},
    "smtp": {"tls": "465", "starttls": "587", "none": "25"},
}

if TYPE_CHECKING:

    class Base(Widget):
        """What the fields need of the wizard."""

        _step: int
        _filled_for: str

        def _text(self, name: str, *, strip: bool = True) -> str: ...

        def _row(self, label: str, field: Widget) -> ComposeResult: ...

        def _display(self, name: str, shown: bool) -> None: ...

        def _say(self, text: str) -> None: ...

else:
    Base = object


class ServerFields(Base):
    """The fields of the step, what they begin with, and what was typed into them."""

    def server_rows(self) -> ComposeResult:
        """The rows, in the order in which they are gone through."""
        kinds = [(value, _(text)) for value, text in KINDS]
        yield from self._row(_("Fetched by"), SideChoice(kinds, id="kind"))
        for kind, title in (("imap", _("Incoming")), ("smtp", _("Outgoing, SMTP"))):
            yield from self._row(title, TextField(id=f"{kind}-host"))
            yield from self._row(_("Encryption"), SideChoice(securities(), id=f"{kind}-security"))
            yield from self._row(_("Port"), TextField(PORTS[kind]["tls"], id=f"{kind}-port"))
        yield from self._row(_("Login name"), TextField(id="user"))
        yield from self._row(_("Delete after days"), TextField(id="days"))
        yield from self._row(_("Own CA, file"), TextField(id="ca-file"))

    def incoming_kind(self) -> str:
        """``imap`` or ``pop3``."""
        return self.query_one("#kind", ChoiceField).value

    def choice_changed(self, field: ChoiceField) -> None:
        """The usual port of an encryption; the usual servers of a kind."""
        kind, _dash, what = (field.id or "").partition("-")
        if what == "security":
            server = self.incoming_kind() if kind == "imap" else kind
            self.query_one(f"#{kind}-port", TextField).value = PORTS[server][field.value]
        elif kind == "kind":
            self._filled_for = ""
            self.propose_servers(self._text("address"))
            self.show_kind()

    def show_kind(self) -> None:
        """What is asked of POP3 alone, and why its folders are not on the server (MAIL-09)."""
        is_pop3 = self.incoming_kind() == "pop3"
        self._display("days", is_pop3)
        if self._step == 1:
            note = _("POP3 has no folders: those here stay here. Empty days: letters stay there.")
            self._say(note if is_pop3 else "")

    def propose_servers(self, typed: str) -> None:
        """The servers of a known provider, or the usual names; what was typed for the same domain stays."""
        domain = address.domain_of(typed)
        if domain == self._filled_for:
            return
        self._filled_for = domain
        provider = providers.by_address(typed)
        incoming = self.incoming_kind()
        known: dict[str, Any] = (
            provider.settings(incoming)
            if provider is not None
            else {
                "imap_host": f"{incoming.rstrip('3')}.{domain}", "imap_port": PORTS[incoming]["tls"],
                "imap_security": "tls", "smtp_host": f"smtp.{domain}", "smtp_port": 465, "smtp_security": "tls",
            }
        )  # fmt: skip
        for kind in ("imap", "smtp"):
            self.query_one(f"#{kind}-host", TextField).value = str(known[f"{kind}_host"])
            self.query_one(f"#{kind}-security", ChoiceField).offer(securities(), known[f"{kind}_security"])
            self.query_one(f"#{kind}-port", TextField).value = str(known[f"{kind}_port"])
        self.query_one("#user", TextField).value = typed

    def server_settings(self, typed: str) -> dict[str, Any]:
        """The columns of the account. Raises Invalid for what is no port or no number of days."""
        settings: dict[str, Any] = {
            "kind": self.incoming_kind(), "keep_on_server_days": self._days(),
            "ca_file": ca_file(self._text("ca-file")),
        }  # fmt: skip
        for kind in ("imap", "smtp"):
            settings[f"{kind}_host"] = self._text(f"{kind}-host")
            settings[f"{kind}_port"] = self._port(kind)
            settings[f"{kind}_security"] = self.query_one(f"#{kind}-security", ChoiceField).value
            settings[f"{kind}_user"] = self._text("user") or typed
        provider = providers.by_address(typed)
        if provider is not None and settings["smtp_host"] == provider.smtp_host and provider.files_sent:
            settings["sent_copy"] = "server"
        return settings

    def _days(self) -> int | None:
        typed = self._text("days") if self.incoming_kind() == "pop3" else ""
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 5):
            raise Invalid("not_a_number", value=typed)
        return int(typed) if typed else None

    def _port(self, kind: str) -> int:
        typed = self._text(f"{kind}-port")
        if not typed.isascii() or not typed.isdigit() or len(typed) > 5:
            raise Invalid("port_out_of_range", port=typed)
        return int(typed)


def ca_file(typed: str) -> str:
    """The file of certificates trusted for one account alone, as it is kept; ``~`` is the home folder."""
    return str(Path(typed).expanduser()) if typed else ""


def securities() -> list[tuple[str, str]]:
    """The ways to encrypt the way to a server, to choose from."""
    return [(value, _(text)) for value, text in SECURITIES]
