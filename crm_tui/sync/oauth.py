"""Access tokens: the endpoints of providers, and what is asked of them (RFC 6749, RFC 7636, RFC 8628).

A device (Microsoft) shows a code that a person types in any browser. Google and Yandex want a browser that comes
back to this machine (RFC 8252); over SSH the person pastes the address it came to. Nothing here keeps a token.
"""

import base64
import hashlib
import http.client
import json
import secrets
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm_tui.domain.errors import BadConfig, Invalid, LoginRefused, NetworkTrouble
from crm_tui.domain.text import clean

SECONDS = 30.0
MOST_BYTES = 64 * 1024
MOST_SECONDS = 1e7
_MOST_BROKEN = 10
"""Questions after a device that may fail one after the other."""
_SLOWEST = 60.0
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider answers, and what we are called there. Without ``device`` a browser must come back."""

    token: str
    client_id: str
    scope: str
    authorize: str = ""
    device: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    """Further fields of the request for authorization."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave: ``refresh`` may be empty, ``seconds`` is how long ``access`` lives."""

    access: str
    refresh: str
    seconds: float


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person types, and where (RFC 8628 section 3.2)."""

    user_code: str
    address: str
    device_code: str
    interval: float
    seconds: float


@dataclass(frozen=True, slots=True)
class BrowserRequest:
    """An address to open, and what proves that the answer belongs to it (RFC 7636)."""

    address: str
    redirect: str
    state: str
    verifier: str


PROVIDERS: dict[str, dict[str, Any]] = {
    "microsoft": {
        "device": "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode",
        "token": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "scope": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All"
        " https://outlook.office.com/SMTP.Send offline_access",
    },
    "google": {
        "authorize": "https://accounts.google.com/o/oauth2/v2/auth",
        "token": "https://oauth2.googleapis.com/token",
        "scope": "https://mail.google.com/",
        "extra": (("access_type", "offline"), ("prompt", "consent")),
    },
    "yandex": {
        "authorize": "https://oauth.yandex.ru/authorize",
        "token": "https://oauth.yandex.ru/token",
        "scope": "mail:imap_full mail:smtp",
    },
}


def endpoints(settings: dict[str, Any]) -> Endpoints:
    """Of ``MailAccount.oauth``: a known provider, or all of it spelt out. Raises BadConfig."""
    known = PROVIDERS.get(str(settings.get("provider", "")), {})
    values = {**known, **{name: value for name, value in settings.items() if name != "provider"}}
    names = ("token", "client_id", "scope", "authorize", "device")
    made = Endpoints(
        **{name: str(values.get(name, "")) for name in names}, extra=tuple(values.get("extra", ()))
    )
    if not made.client_id or not made.token or not (made.device or made.authorize):
        raise BadConfig("oauth_incomplete")
    return made


def begin_device(ends: Endpoints) -> DeviceCode:
    """Ask for a code that a person types. Raises LoginRefused and NetworkTrouble."""
    told = _post(ends.device, {"client_id": ends.client_id, "scope": ends.scope})
    _refuse(told)
    return DeviceCode(
        user_code=clean(str(told.get("user_code", ""))),
        address=clean(str(told.get("verification_uri") or told.get("verification_url") or "")),
        device_code=str(told.get("device_code", "")),
        interval=_seconds(told, "interval", 5.0),
        seconds=_seconds(told, "expires_in", 900.0),
    )


def wait_for_device(ends: Endpoints, code: DeviceCode, stop: threading.Event) -> Tokens:
    """Ask again and again, as slowly as we are told, until the person has agreed. Raises like ``begin_device``.

    A line that breaks meanwhile is waited out, more slowly each time (RFC 8628 section 3.5).
    """
    interval, waited, broken = code.interval, 0.0, 0
    fields = {"grant_type": _DEVICE_GRANT, "device_code": code.device_code, "client_id": ends.client_id}
    while waited < code.seconds:
        if stop.wait(interval):
            raise NetworkTrouble("stopped")
        waited += max(interval, 0.1)
        try:
            told = _post(ends.token, fields)
        except NetworkTrouble:
            broken += 1
            if broken > _MOST_BROKEN:
                raise
            interval = min(2 * interval, max(interval, _SLOWEST))
            continue
        broken = 0
        fault = told.get("error")
        if fault == "slow_down":
            interval += 5.0
        elif fault != "authorization_pending":
            return _tokens(told)
    raise LoginRefused("oauth_refused", reason="expired_token")


def begin_browser(ends: Endpoints, redirect: str) -> BrowserRequest:
    """The address that a person opens; the browser comes back to ``redirect``."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code", "client_id": ends.client_id, "redirect_uri": redirect, "scope": ends.scope,
        "state": state, "code_challenge": digest, "code_challenge_method": "S256", **dict(ends.extra),
    }  # fmt: skip
    return BrowserRequest(f"{ends.authorize}?{urllib.parse.urlencode(query)}", redirect, state, verifier)


def code_of(request: BrowserRequest, came_to: str) -> str:
    """The code in the address that the browser came back to, also when a person pasted it.

    Raises Invalid for an address that is not the answer to the request, LoginRefused where it says no.
    """
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(came_to.strip()).query)
    told = {name: values[0] for name, values in query.items()}
    if not secrets.compare_digest(told.get("state", "").encode(), request.state.encode()):
        raise Invalid("oauth_wrong_answer")
    _refuse(told)
    if not told.get("code"):
        raise Invalid("oauth_wrong_answer")
    return told["code"]


def exchange(ends: Endpoints, request: BrowserRequest, code: str, client_secret: str = "") -> Tokens:
    """Tokens for the code that the browser brought. Raises like ``begin_device``."""
    fields = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": request.redirect,
        "client_id": ends.client_id, "code_verifier": request.verifier,
    }  # fmt: skip
    return _tokens(_post(ends.token, fields | _secret(client_secret)))


def refresh(ends: Endpoints, refresh_token: str, client_secret: str = "") -> Tokens:
    """A new access token. Raises LoginRefused (``oauth_refused``) when a person must log in again."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": ends.client_id}
    made = _tokens(_post(ends.token, fields | _secret(client_secret)))
    return made if made.refresh else Tokens(made.access, refresh_token, made.seconds)


def _secret(client_secret: str) -> dict[str, str]:
    return {"client_secret": client_secret} if client_secret else {}


def _tokens(told: dict[str, Any]) -> Tokens:
    _refuse(told)
    access = str(told.get("access_token", ""))
    if not access:
        raise NetworkTrouble("bad_response", what="access_token")
    return Tokens(access, str(told.get("refresh_token", "")), _seconds(told, "expires_in", 3600.0))


def _refuse(told: dict[str, Any]) -> None:
    if told.get("error"):
        reason = clean(str(told.get("error_description") or told["error"]))[:300]
        raise LoginRefused("oauth_refused", reason=reason)


def _seconds(told: dict[str, Any], name: str, otherwise: float) -> float:
    try:
        told_seconds = float(told.get(name, otherwise))
    except (TypeError, ValueError, OverflowError):
        return otherwise
    return told_seconds if 0 <= told_seconds <= MOST_SECONDS else otherwise


def _post(url: str, fields: dict[str, str]) -> dict[str, Any]:
    """The answer to a form, also to one that is refused. Encrypted, or on this machine only."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise BadConfig("oauth_incomplete")
    request = urllib.request.Request(
        url, urllib.parse.urlencode(fields).encode(), {"Accept": "application/json", "User-Agent": "crm_tui"}
    )
    answer = _answer(request, parts.hostname or "")
    try:
        told = json.loads(answer)
    except ValueError:
        raise NetworkTrouble("bad_response", what="oauth") from None
    if not isinstance(told, dict):
        raise NetworkTrouble("bad_response", what="oauth")
    return told


def _answer(request: urllib.request.Request, host: str) -> bytes:
    opened: Callable[..., Any] = urllib.request.build_opener(_NoRedirect).open
    try:
        with opened(request, timeout=SECONDS) as reply:
            return bytes(reply.read(MOST_BYTES))
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.read(MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        reason = clean(str(getattr(error, "reason", error)))
        raise NetworkTrouble("connection_failed", host=host, port=443, reason=reason) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token is not sent wherever somebody points to."""

    def redirect_request(self, *_given: Any) -> None:
        return None
