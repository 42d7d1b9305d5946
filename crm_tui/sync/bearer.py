"""An access token as SASL says it: XOAUTH2, and OAUTHBEARER (RFC 7628)."""

import base64

from crm_tui.domain.errors import Invalid
from crm_tui.sync.credentials import Login


def xoauth2(login: Login) -> bytes:
    """The first and only answer of XOAUTH2. Raises Invalid for what could end it early."""
    _check(login)
    return f"user={login.user}\x01auth=Bearer {login.secret}\x01\x01".encode()


def oauthbearer(login: Login, host: str, port: int) -> bytes:
    """The client's first message of OAUTHBEARER (RFC 7628 section 3.1); raises like ``xoauth2``."""
    _check(login)
    name = login.user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {login.secret}\x01\x01".encode()


def answer_of(login: Login) -> str:
    """XOAUTH2 in base64, for a command line."""
    return base64.b64encode(xoauth2(login)).decode("ascii")


def _check(login: Login) -> None:
    if any(ord(sign) < 32 for sign in login.user + login.secret):
        raise Invalid("unsafe_imap_argument")
