"""The forms of a mail account's settings: what they ask, and what is typed as columns of ``MailAccount``."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _
from crm_tui.screens.account.account_servers import ca_file, securities
from crm_tui.screens.forms.form import Field
from crm_tui.store.tables import MailAccount

KIB = 1024
YES, NO = "yes", "no"
SENT_COPIES = {
    "append": N_("put there by us"),
    "server": N_("the server does it by itself"),
    "none": N_("not kept"),
}


def settings_fields(account: MailAccount) -> list[Field]:
    """How the account works."""
    fields = [
        Field("name", _("Account name"), account.name),
        Field("sender_name", _("Your name"), account.sender_name),
        _choice("shared", _("Group mailbox"), account.shared),
        _choice("move_accepted", _("Accepted to Processed"), account.move_accepted),
        _choice("decline_needs_reason", _("Decline asks why"), account.decline_needs_reason),
        Field(
            "sent_copy",
            _("Copy in Sent"),
            account.sent_copy,
            options=[(value, _(text)) for value, text in SENT_COPIES.items()],
        ),
        _number("size_limit", _("Texts up to, KiB"), account.size_limit // KIB, _("0: of any size")),
        _number("age_limit_days", _("Texts of the last days"), account.age_limit_days, _("0: of any age")),
    ]
    if account.kind == "pop3":
        days = account.keep_on_server_days
        fields.append(
            Field(
                "keep_on_server_days",
                _("Days on the server"),
                "" if days is None else str(days),
                note=lambda _typed: _("empty: always; 0: not at all"),
            )
        )
    else:
        fields.append(_choice("sync_folders", _("Folders both ways"), account.sync_folders))
    return fields


def settings_of(values: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in. Raises Invalid for what is no number."""
    made: dict[str, Any] = {
        "name": clean(values["name"]).strip(),
        "sender_name": clean(values["sender_name"]),
    }
    made["sent_copy"] = values["sent_copy"]
    for name in ("shared", "move_accepted", "decline_needs_reason", "sync_folders"):
        if name in values:
            made[name] = values[name] == YES
    made["size_limit"] = _whole(values["size_limit"]) * KIB
    made["age_limit_days"] = _whole(values["age_limit_days"])
    if "keep_on_server_days" in values:
        days = values["keep_on_server_days"].strip()
        made["keep_on_server_days"] = _whole(days) if days else None
    return made


def server_fields(account: MailAccount) -> list[Field]:
    """Where mail is fetched and sent."""
    return [
        Field("imap_host", _("Incoming"), account.imap_host),
        Field("imap_security", _("Encryption"), account.imap_security, options=securities()),
        Field("imap_port", _("Port"), str(account.imap_port)),
        Field("imap_user", _("Login name"), account.imap_user),
        Field("smtp_host", _("Outgoing"), account.smtp_host),
        Field("smtp_security", _("Encryption"), account.smtp_security, options=securities()),
        Field("smtp_port", _("Port"), str(account.smtp_port)),
        Field("smtp_user", _("Login name"), account.smtp_user),
        Field("ca_file", _("Own CA, file"), account.ca_file),
    ]


def servers_of(values: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in. Raises Invalid for a port that is no number."""
    made: dict[str, Any] = {name: value.strip() for name, value in values.items()}
    for name in ("imap_port", "smtp_port"):
        made[name] = _whole(values[name])
    made["ca_file"] = ca_file(made["ca_file"])
    return made


def signature_fields(account: MailAccount) -> list[Field]:
    """What stands below each letter (MAIL-35)."""
    return [
        Field("signature", _("Text"), account.signature, lines=6),
        Field(
            "signature_above_quote",
            _("In an answer"),
            YES if account.signature_above_quote else NO,
            options=[(NO, _("below what is quoted")), (YES, _("above what is quoted"))],
        ),
    ]


def signature_intro() -> str:
    """What is said above it."""
    return _("Without the line of two dashes, which is put before it.")


def signature_of(values: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in."""
    return {
        "signature": clean(values["signature"], multiline=True).strip("\n"),
        "signature_above_quote": values["signature_above_quote"] == YES,
    }


def _choice(name: str, label: str, value: bool) -> Field:
    options: Sequence[tuple[str, str]] = [(NO, _("no")), (YES, _("yes"))]
    return Field(name, label, YES if value else NO, options=options)


def _number(name: str, label: str, value: int, hint: str) -> Field:
    return Field(name, label, str(value), note=lambda _typed: hint)


def _whole(typed: str) -> int:
    typed = typed.strip() or "0"
    if not typed.isdecimal():
        raise Invalid("not_a_number", value=clean(typed))
    return int(typed)
