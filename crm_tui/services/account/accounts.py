"""Mail accounts. Passwords are never here: see ``sync/credentials.py``."""

from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.store.tables import Draft, MailAccount, Outbox, table_of
from crm_tui.store.work import Work

SECURITIES = ("tls", "starttls", "none")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WAITING = ("queued", "sending", "deferred")
"""States of a letter that is still to be sent."""


def add(work: Work, name: str, mail_address: str, **settings: Any) -> MailAccount:
    """A new account; ``settings`` are further columns of ``MailAccount``.

    Raises Invalid for an unusable address, name, port or security, Refused for a name in use or an unencrypted
    connection that leaves this machine.
    """
    name = clean(name).strip()
    if not name:
        raise Invalid("name_missing", kind="mail_account")
    if not address.is_valid(mail_address):
        raise Invalid("not_an_address", value=clean(mail_address))
    if work.find(MailAccount, name=name) is not None:
        raise Refused("account_name_taken", name=name)
    settings.setdefault("imap_user", mail_address)
    settings.setdefault("smtp_user", settings["imap_user"])
    settings.setdefault("owner_id", work.actor.user_id)
    account = MailAccount(name=name, address=mail_address, capabilities=[], **settings)
    check(account)
    return work.add(account)


def update(work: Work, account_id: int, **settings: Any) -> MailAccount:
    """Change settings of an account. Raises like ``add``."""
    account = work.get(MailAccount, account_id)
    namesake = work.find(MailAccount, name=settings.get("name", account.name))
    if namesake is not None and namesake.key != account_id:
        raise Refused("account_name_taken", name=namesake.name)
    work.change(account, **settings)
    if not account.name:
        raise Invalid("name_missing", kind="mail_account")
    check(account)
    return account


def check(account: MailAccount) -> None:
    """Raise Invalid or Refused when the account's settings cannot be used."""
    servers = [(account.imap_host, account.imap_port, account.imap_security)]
    if account.smtp_host:  # an account may only receive
        servers.append((account.smtp_host, account.smtp_port, account.smtp_security))
    for host, port, security in servers:
        if not host or any(ord(character) < 33 for character in host):
            raise Invalid("host_missing", account=account.name)
        if not 0 < port < 65536:
            raise Invalid("port_out_of_range", port=port)
        if security not in SECURITIES:
            raise Invalid("unknown_security", value=security)
        if security == "none" and host not in LOOPBACK:
            raise Refused("unencrypted_connection", host=host)


def is_taken(connection: Connection, name: str) -> bool:
    """Whether an account with this name is there already."""
    account = table_of(MailAccount)
    return connection.scalar(select(account.c.id).where(account.c.name == name)) is not None


def remove(work: Work, account_id: int) -> MailAccount:
    """Stop using the account. Its letters and what they are linked to stay; nothing happens on the server.

    Raises Refused while letters wait to be sent by it.
    """
    account = work.get(MailAccount, account_id)
    waiting = any(work.find(Outbox, account_id=account_id, status=status) for status in WAITING)
    if waiting or work.find(Draft, account_id=account_id) is not None:
        raise Refused("letters_wait_in_account", name=account.name)
    work.change(account, enabled=False, name=f"{account.name} ({account.key})")
    return account
