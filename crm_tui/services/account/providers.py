"""Mail providers whose servers are known, so that nobody has to type them: name, hosts, and what to do first."""

from dataclasses import dataclass
from typing import Any

from crm_tui.i18n import N_


@dataclass(frozen=True, slots=True)
class Provider:
    """The servers of a mail provider; where ``smtp_security`` is ``tls`` the port is 465, else 587."""

    name: str
    domains: tuple[str, ...]
    """Domains of its addresses, the usual one first."""
    imap_host: str
    smtp_host: str
    note: str = ""
    """What a person must do there first: an English source text."""
    smtp_security: str = "tls"
    files_sent: bool = False
    """It puts what it sends into Sent by itself: a second copy of ours would stay there."""
    pop_host: str = ""
    """Where its POP3 server is called otherwise than ``pop.`` in place of ``imap.``."""

    def settings(self, kind: str = "imap") -> dict[str, Any]:
        """The columns of ``MailAccount`` that it fills; the incoming server's are the same for both kinds."""
        pop = self.pop_host or self.imap_host.replace("imap.", "pop.", 1)
        return {
            "imap_host": pop if kind == "pop3" else self.imap_host,
            "imap_port": 995 if kind == "pop3" else 993,
            "imap_security": "tls",
            "smtp_host": self.smtp_host,
            "smtp_port": 465 if self.smtp_security == "tls" else 587,
            "smtp_security": self.smtp_security,
            "sent_copy": "server" if self.files_sent else "append",
        }


_APP_PASSWORD = N_("It wants an app password, made in the security settings of the mailbox.")
_IMAP_SWITCH = N_(
    "Programs must be allowed in the settings of the mailbox first; they get a password of their own."
)
_OAUTH = N_("It takes no passwords from programs any more: crm account add --oauth microsoft")

PROVIDERS = (
    Provider(
        "gmail",
        ("gmail.com", "googlemail.com"),
        "imap.gmail.com",
        "smtp.gmail.com",
        _APP_PASSWORD,
        files_sent=True,
    ),
    Provider(
        "outlook",
        ("outlook.com", "hotmail.com", "live.com", "msn.com"),
        "outlook.office365.com",
        "smtp-mail.outlook.com",
        _OAUTH,
        "starttls",
        files_sent=True,
    ),
    Provider(
        "yandex",
        ("yandex.ru", "ya.ru", "yandex.kz", "yandex.by", "yandex.com", "yandex.ua", "yandex.uz"),
        "imap.yandex.ru",
        "smtp.yandex.ru",
        _IMAP_SWITCH,
    ),
    Provider(
        "mail.ru",
        ("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "xmail.ru"),
        "imap.mail.ru",
        "smtp.mail.ru",
        _APP_PASSWORD,
    ),
    Provider("ukr.net", ("ukr.net",), "imap.ukr.net", "smtp.ukr.net", _IMAP_SWITCH, pop_host="pop3.ukr.net"),
    Provider(
        "i.ua", ("i.ua", "ua.fm", "email.ua"), "imap.i.ua", "smtp.i.ua", _IMAP_SWITCH, pop_host="pop3.i.ua"
    ),
    Provider("meta.ua", ("meta.ua",), "imap.meta.ua", "smtp.meta.ua", _IMAP_SWITCH),
    Provider(
        "rambler",
        ("rambler.ru", "lenta.ru", "autorambler.ru", "myrambler.ru", "ro.ru"),
        "imap.rambler.ru",
        "smtp.rambler.ru",
        _IMAP_SWITCH,
    ),
    Provider("zoho", ("zohomail.com", "zoho.com"), "imap.zoho.com", "smtp.zoho.com", _IMAP_SWITCH),
    Provider(
        "fastmail", ("fastmail.com", "fastmail.fm"), "imap.fastmail.com", "smtp.fastmail.com", _APP_PASSWORD
    ),
)
"""In the order in which they are offered."""


def by_address(address: str) -> Provider | None:
    """The provider of an address, by its domain; None for one that is not known."""
    domain = address.rpartition("@")[2].strip().lower().rstrip(".")
    return next((one for one in PROVIDERS if domain in one.domains), None)


def by_name(name: str) -> Provider | None:
    """The provider with this name."""
    return next((one for one in PROVIDERS if one.name == name.lower()), None)
