"""The access tokens of this session, and where refresh tokens lie: the keyring or the vault, nowhere else."""

import json
import threading
import time
from typing import TYPE_CHECKING, Protocol

from crm_tui.domain.errors import LoginRefused
from crm_tui.sync import oauth
from crm_tui.sync.oauth import Tokens
from crm_tui.sync.password_command import run_password_command

if TYPE_CHECKING:
    from crm_tui.store.tables import MailAccount

EARLY = 60.0
"""A token that ends within so many seconds counts as ended."""


class Safe(Protocol):
    """Where refresh tokens lie: the credentials of the session."""

    def kept(self, name: str) -> str | None: ...

    def remember(self, name: str, password: str) -> str: ...


class TokenStore:
    """Safe for several threads; one token is fetched at a time."""

    def __init__(self, safe: Safe) -> None:
        self._safe = safe
        self._live: dict[str, tuple[str, float]] = {}
        self._lock = threading.RLock()

    def access(self, account: "MailAccount") -> str:
        """An access token that should work: the session's, of ``token_command``, or a new one.

        Raises LoginRefused (``oauth_login_needed``, ``oauth_refused``, ``vault_locked``), NetworkTrouble, BadConfig.
        """
        with self._lock:
            token, ends = self._live.get(account.address, ("", 0.0))
            if token and time.monotonic() < ends - EARLY:
                return token
            settings = account.oauth or {}
            if settings.get("token_command"):
                token = run_password_command(settings["token_command"])
                self._live[account.address] = (token, float("inf"))
                return token
            kept = json.loads(self._safe.kept(self.name_of(account.address)) or "{}")
            if not kept.get("refresh"):
                raise LoginRefused("oauth_login_needed", account=account.name)
            made = oauth.refresh(oauth.endpoints(settings), kept["refresh"], kept.get("client_secret", ""))
            self._live[account.address] = (made.access, time.monotonic() + made.seconds)
            if made.refresh != kept["refresh"]:  # some give a new one each time, and the old one ends
                self._safe.remember(
                    self.name_of(account.address), json.dumps({**kept, "refresh": made.refresh})
                )
            return made.access

    def keep(self, address: str, tokens: Tokens, client_secret: str = "") -> tuple[str, str]:
        """Use these tokens from now on; the name and the secret to be kept for the next session."""
        with self._lock:
            self._live[address] = (tokens.access, time.monotonic() + tokens.seconds)
        return self.name_of(address), json.dumps({"refresh": tokens.refresh, "client_secret": client_secret})

    @staticmethod
    def name_of(address: str) -> str:
        """Under which name the refresh token of an account is kept."""
        return f"oauth:{address}"

    def forget(self, address: str) -> None:
        """The server refused the access token: the next one is a new one."""
        with self._lock:
            self._live.pop(address, None)
