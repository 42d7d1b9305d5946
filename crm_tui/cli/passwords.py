"""Passwords on the command line: asked for at a terminal, read from standard input, never an argument."""

import getpass
import sys
from typing import TYPE_CHECKING

from crm_tui.domain.errors import LoginRefused
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.sync.credentials import Credentials


def credentials() -> "Credentials":
    """The sources of passwords; a person is asked only where one sits at a terminal."""
    from crm_tui.sync.credentials import Credentials

    found = Credentials()
    if not sys.stdin.isatty():
        return found

    def ask(name: str) -> str | None:
        vault = found.vault
        if vault.exists() and not vault.is_open():
            vault.unlock(getpass.getpass(_("Passphrase of the passwords kept here: ")))
            kept = vault.get(name)
            if kept:
                return kept
        return getpass.getpass(_("Password of {account}: ").format(account=name)) or None

    found.ask = ask
    return found


def taken(address: str, *, from_stdin: bool) -> str | None:
    """A new password: the first line of standard input, or what is typed; None where nobody can be asked."""
    if from_stdin:
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise LoginRefused("password_missing", account=address)
        return line
    if sys.stdin.isatty():
        return getpass.getpass(_("Password of {account}: ").format(account=address)) or None
    return None


def keep(secrets: "Credentials", address: str, password: str) -> str:
    """Keep a password in the keyring or the vault, which is made when it is the only place; which one is returned.

    Raises LoginRefused where it could be kept in no safe place: a vault needs a person to type its passphrase.
    """
    vault = secrets.vault
    if secrets.keyring is None and not vault.is_open():
        if not sys.stdin.isatty():
            raise LoginRefused("no_place_for_password", account=address)
        if vault.exists():
            vault.unlock(getpass.getpass(_("Passphrase of the passwords kept here: ")))
        else:
            vault.create(_new_passphrase(address))
    place = secrets.remember(address, password)
    if place == "session":
        raise LoginRefused("no_place_for_password", account=address)
    return place


def _new_passphrase(address: str) -> str:
    """Typed twice; the passwords of all accounts are sealed with it."""
    while True:
        first = getpass.getpass(_("New passphrase that seals the passwords kept here: "))
        if not first:
            raise LoginRefused("no_place_for_password", account=address)
        if first == getpass.getpass(_("Once more: ")):
            return first
        print(_("These are not the same."), file=sys.stderr)
