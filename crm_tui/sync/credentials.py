"""Where a password comes from: a command, a keyring, the vault, or a question. Never plain text on disk.

Only keyrings with a daemon of their own are used, chosen by class: on a machine without one the keyring
library may fall back to backends that prompt on the terminal or write plain text (design/sync.md §5).
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from crm_tui import paths
from crm_tui.domain.errors import LoginRefused
from crm_tui.sync.password_command import run_password_command
from crm_tui.sync.vault import Vault

if TYPE_CHECKING:
    from crm_tui.store.tables import MailAccount
    from crm_tui.sync.token_store import TokenStore

Result = TypeVar("Result")
SERVICE = "crm_tui"
_ON_THE_BUS = (
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)
_OF_SYSTEMS = {
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
}


class Login(NamedTuple):
    """What a server is told: a name, and a password or (``bearer``) an access token."""

    user: str
    secret: str
    bearer: bool = False


Ask = Callable[[str], str | None]
"""Asks a person for the password of an account, named by its address; None when there is no answer."""


class Keyring(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


@dataclass
class Credentials:
    """The sources of passwords of one session. Safe for several threads; a person is asked once at a time."""

    vault: Vault = field(default_factory=lambda: Vault(paths.data_dir() / "vault.json"))
    keyring: Keyring | None = field(default_factory=lambda: real_keyring())
    ask: Ask | None = None
    _session: dict[str, str] = field(default_factory=dict, repr=False)
    _tokens: "TokenStore | None" = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _asking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def password(self, name: str, command: str | list[str] | None = None) -> str:
        """The password of the account called ``name`` (its address).

        What this session knows already comes first, then ``command``, or without one the keyring, the unlocked
        vault, and at last a person. Raises LoginRefused: ``password_missing``, or ``vault_locked`` when the vault
        would have to be opened first; BadConfig when the command fails.
        """
        with self._lock:
            found = self._session.get(name)
            if found is None and not command:
                found = self._from_keyring(name) or self.vault.get(name)
        if found:
            return found
        if command:
            found = run_password_command(command)
        elif self.ask is not None:
            with self._asking:
                found = self._session.get(name) or self.ask(name)
        if found:
            self._session[name] = found
            return found
        if self.vault.exists() and not self.vault.is_open():
            raise LoginRefused("vault_locked", account=name, path=str(self.vault.path))
        raise LoginRefused("password_missing", account=name)

    def login(self, account: "MailAccount", service: str = "imap") -> Login:
        """What the account's server for ``service`` (``imap`` or ``smtp``) is told. Raises like ``password``."""
        user = account.smtp_user if service == "smtp" else account.imap_user
        if account.auth == "oauth":
            return Login(user, self.tokens.access(account), bearer=True)
        return Login(user, self.password(account.address, account.password_command))

    def logged_in(
        self, account: "MailAccount", attempt: Callable[[Login], Result], service: str = "imap"
    ) -> Result:
        """What ``attempt`` answers. A token that the server refuses is renewed once (it may have expired early)."""
        login = self.login(account, service)
        try:
            return attempt(login)
        except LoginRefused:
            if not login.bearer:
                raise
        self.tokens.forget(account.address)
        return attempt(self.login(account, service))

    @property
    def tokens(self) -> "TokenStore":
        """Access tokens of the accounts that log in with them."""
        from crm_tui.sync.token_store import TokenStore

        with self._lock:
            if self._tokens is None:
                self._tokens = TokenStore(self)
            return self._tokens

    def kept(self, name: str) -> str | None:
        """What ``remember`` kept under a name, asking nobody. Raises LoginRefused (``vault_locked``)."""
        with self._lock:
            found = self._session.get(name) or self._from_keyring(name) or self.vault.get(name)
        if found is None and self.vault.exists() and not self.vault.is_open():
            raise LoginRefused("vault_locked", account=name, path=str(self.vault.path))
        return found

    def refused(self, name: str) -> None:
        """A server refused what ``password`` gave: it is asked for anew, not repeated from memory."""
        with self._lock:
            self._session.pop(name, None)
        if self._tokens is not None:
            self._tokens.forget(name)

    def keeps(self) -> str:
        """Where ``remember`` would keep a password now: ``keyring``, ``vault``, or ``session`` (memory only)."""
        if self.keyring is not None:
            return "keyring"
        return "vault" if self.vault.is_open() else "session"

    def remember(self, name: str, password: str, *, session_only: bool = False) -> str:
        """Keep a password in the best place there is, or in this session's memory alone; ``keyring``, ``vault`` or
        ``session`` is returned."""
        with self._lock:
            if session_only:
                self._session[name] = password
                return "session"
            if self.keyring is not None:
                try:
                    self.keyring.set_password(SERVICE, name, password)
                    return "keyring"
                except Exception:  # a daemon that is locked or away: any of its own errors
                    self.keyring = None
            if self.vault.is_open():
                self.vault.put(name, password)
                return "vault"
            self._session[name] = password
            return "session"

    def forget(self, name: str) -> None:
        """Remove the password of an account from every place that can be written."""
        with self._lock:
            self._session.pop(name, None)
            if self.vault.is_open():
                self.vault.put(name, None)
            if self.keyring is not None and self._from_keyring(name) is not None:
                self.keyring.delete_password(SERVICE, name)

    def _from_keyring(self, name: str) -> str | None:
        if self.keyring is None:
            return None
        try:
            return self.keyring.get_password(SERVICE, name)
        except Exception:  # as in remember
            self.keyring = None
            return None


def real_keyring() -> Keyring | None:
    """The keyring of this desktop when a real one answers, else None."""
    import importlib

    found: list[tuple[float, Keyring]] = []
    for module, name in _possible_keyrings():
        try:
            backend = getattr(importlib.import_module(module), name)
            found.append((float(backend.priority), backend()))
        except Exception:  # each says in its own way that it is not for this machine
            continue
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _possible_keyrings() -> tuple[tuple[str, str], ...]:
    """Modules and classes of the keyrings that could answer on this machine.

    Only these are imported: on a server without a session bus the others take 11 MB, and the one of macOS looks for
    its library by running the compiler.
    """
    bus = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent") / "bus"
    on_the_bus = _ON_THE_BUS if os.environ.get("DBUS_SESSION_BUS_ADDRESS") or bus.exists() else ()
    return on_the_bus + _OF_SYSTEMS.get(sys.platform, ())
