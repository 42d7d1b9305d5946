"""Logging in with access tokens: got by a device code or a browser, renewed once, and never on disk in the clear."""

import json
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from crm_tui.domain.errors import BadConfig, Invalid, LoginRefused, NetworkTrouble
from crm_tui.store.tables import MailAccount
from crm_tui.sync import oauth, oauth_loopback
from crm_tui.sync.accounts import check_account
from crm_tui.sync.credentials import Credentials, Login
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.oauth_loopback import Loopback
from crm_tui.sync.smtp import check_login
from crm_tui.sync.vault import Vault
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.servers.token_server import TokenServer
from tests.sync.hostile import Line, hostile
from tests.sync.test_credentials import FakeKeyring


@pytest.fixture(scope="module")
def tokens() -> Iterator[TokenServer]:
    with TokenServer() as made:
        yield made


@pytest.fixture(scope="module")
def bearing(
    tokens: TokenServer, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dovecot]:
    """A Dovecot that takes tokens of that provider."""
    if not Dovecot.available():
        pytest.skip("Dovecot is absent (apt-get install dovecot-imapd dovecot-pop3d)")
    settings = tmp_path_factory.mktemp("oauth") / "oauth2.conf"
    settings.write_text(
        f"tokeninfo_url = http://127.0.0.1:{tokens.port}/tokeninfo?access_token=\nusername_attribute = email\n"
        "active_attribute = active\nactive_value = yes\n"
    )
    settings.parent.chmod(0o755)
    settings.parent.parent.chmod(0o755)
    extra = (
        "auth_mechanisms = plain login xoauth2 oauthbearer\n"
        f"passdb {{\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = {settings}\n}}\n"
    )
    with Dovecot(authority=authority, extra=extra) as server:
        yield server


@pytest.fixture
def secrets(tmp_path: Path) -> Credentials:
    made = Credentials(Vault(tmp_path / "vault.json"), FakeKeyring(), None)
    made.remember("oauth:me@x.example", json.dumps({"refresh": "refresh-0"}))
    return made


def account(tokens: TokenServer, server: Dovecot, kind: str) -> MailAccount:
    user = server.account("oauth")
    tokens.user, tokens.refresh_tokens, tokens.rotates = user, {"refresh-0"}, False
    return MailAccount(
        id=1, name="me", address="me@x.example", kind=kind, auth="oauth", oauth=tokens.settings(),
        imap_host="localhost", imap_port=server.pop3_port if kind == "pop3" else server.imap_port,
        imap_security="none", imap_user=user,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_a_token_logs_in_and_one_that_ended_early_is_renewed_once(
    tokens: TokenServer, bearing: Dovecot, secrets: Credentials, kind: str
) -> None:
    mine = account(tokens, bearing, kind)
    assert check_account(mine, secrets).folders
    given = len(tokens.asked)
    assert check_account(mine, secrets).folders
    assert len(tokens.asked) == given  # the token of the session is used again
    tokens.revoke()
    assert check_account(mine, secrets).folders
    assert len(tokens.asked) == given + 1
    tokens.revoke()
    tokens.refresh_tokens.clear()
    with pytest.raises(LoginRefused) as refused:
        check_account(mine, secrets)
    assert (refused.value.code, refused.value.facts["reason"]) == ("oauth_refused", "Token has been revoked")
    assert len(tokens.asked) == given + 2


def test_a_server_that_refuses_a_new_token_is_not_asked_for_ever(
    tokens: TokenServer, bearing: Dovecot, secrets: Credentials
) -> None:
    mine = account(tokens, bearing, "imap")
    tokens.user = "somebody-else"
    given = len(tokens.asked)
    with pytest.raises(LoginRefused) as refused:
        check_account(mine, secrets)
    assert refused.value.code == "login_refused"
    assert len(tokens.asked) == given + 2


def test_a_refresh_token_that_changes_is_kept_in_the_keyring(
    tokens: TokenServer, secrets: Credentials
) -> None:
    tokens.refresh_tokens, tokens.rotates = {"refresh-0"}, True
    mine = MailAccount(name="me", address="me@x.example", auth="oauth", oauth=tokens.settings(), imap_host="h",
                       imap_user="me")  # fmt: skip
    first = secrets.login(mine)
    secrets.refused("me@x.example")
    second = secrets.login(mine, "smtp")
    assert first.bearer
    assert first.secret != second.secret
    assert json.loads(secrets.kept("oauth:me@x.example") or "")["refresh"] in tokens.refresh_tokens
    assert tokens.asked[-1]["refresh_token"] != tokens.asked[-2]["refresh_token"]


def test_a_command_gives_tokens_and_is_run_again_when_one_is_refused(tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = ["sh", "-c", f"echo x >> {count}; wc -l < {count}"]
    told = {"token_command": command}
    mine = MailAccount(
        name="me", address="me@x.example", auth="oauth", oauth=told, imap_host="h", imap_user="me"
    )
    secrets = Credentials(Vault(tmp_path / "v"), None, None)
    tried: list[str] = []

    def attempt(login: Login) -> str:
        tried.append(login.secret)
        if login.secret == "1":
            raise LoginRefused("login_refused")
        return login.secret

    assert [secrets.logged_in(mine, attempt) for _ in range(2)] == ["2", "2"]
    assert tried == ["1", "2", "2"]


def test_an_account_that_nobody_agreed_to_says_so(tokens: TokenServer, tmp_path: Path) -> None:
    mine = MailAccount(name="me", address="you@x.example", auth="oauth", oauth=tokens.settings(), imap_host="h",
                       imap_user="me")  # fmt: skip
    with pytest.raises(LoginRefused) as refused:
        Credentials(Vault(tmp_path / "v"), FakeKeyring(), None).login(mine)
    assert refused.value.code == "oauth_login_needed"


def test_a_device_code_is_waited_for(tokens: TokenServer) -> None:
    tokens.pending = 2
    ends = oauth.endpoints(tokens.settings())
    code = oauth.begin_device(ends)
    assert (code.user_code, code.address) == ("WDJB-MJHT", "https://x.example/dev")
    made = oauth.wait_for_device(ends, code, threading.Event())
    assert made.access in tokens.live
    assert made.refresh
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(NetworkTrouble):
        oauth.wait_for_device(ends, code, stopped)


def test_a_line_that_breaks_while_a_device_is_waited_for_is_waited_out(
    tokens: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = oauth.endpoints(tokens.settings())
    code = oauth.begin_device(ends)
    answer, broken = oauth._answer, [1, 2]

    def breaking(request: urllib.request.Request, host: str) -> bytes:
        if broken:
            broken.pop()
            raise NetworkTrouble("connection_failed", host=host, port=443, reason="test")
        return answer(request, host)

    monkeypatch.setattr(oauth, "_answer", breaking)
    assert oauth.wait_for_device(ends, code, threading.Event()).access in tokens.live
    broken[:] = range(100)
    with pytest.raises(NetworkTrouble):
        oauth.wait_for_device(ends, code, threading.Event())


def agree(tokens: TokenServer, request: oauth.BrowserRequest) -> str:
    """What a browser does: the address that it comes back to."""
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.address).query))
    tokens.challenge = query["code_challenge"]
    return f"{query['redirect_uri']}?code=c&state={query['state']}"


def test_a_browser_comes_back_with_a_code(tokens: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = oauth.endpoints(tokens.settings(device=False))
    with Loopback() as loopback:
        request = oauth.begin_browser(ends, loopback.redirect)
        address = agree(tokens, request)
        browser = threading.Thread(target=lambda: urllib.request.urlopen(address, timeout=60).close())
        browser.start()
        came_to = loopback.wait(threading.Event())
        browser.join()
    assert oauth.exchange(ends, request, oauth.code_of(request, came_to)).access in tokens.live
    other = oauth.begin_browser(ends, "http://127.0.0.1:1/")
    with pytest.raises(LoginRefused):  # whoever saw the code lacks the verifier
        oauth.exchange(ends, other, "c")
    for wrong in ("", "http://x/?code=c&state=other", came_to.replace("code=c&", "")):
        with pytest.raises(Invalid):
            oauth.code_of(request, wrong)
    with pytest.raises(LoginRefused):
        oauth.code_of(request, came_to.replace("code=c", "error=access_denied"))
    monkeypatch.setattr(oauth_loopback, "SECONDS", 0.2)
    with Loopback() as nobody, pytest.raises(LoginRefused):
        nobody.wait(threading.Event())


def test_tokens_go_over_tls_or_stay_on_this_machine() -> None:
    with pytest.raises(BadConfig):
        oauth.begin_device(oauth.Endpoints("http://x.example/t", "crm", "mail", device="http://x.example/d"))
    with pytest.raises(BadConfig):
        oauth.endpoints({"provider": "microsoft"})
    known = oauth.endpoints({"provider": "google", "client_id": "crm"})
    assert known.scope == "https://mail.google.com/"
    assert ("access_type", "offline") in known.extra


class Bearing(SMTP):
    """An SMTP server that takes the token ``live``."""

    async def auth_XOAUTH2(self, _server: SMTP, arguments: list[str]) -> AuthResult:
        import base64

        if base64.b64decode(arguments[1]) == b"user=me\x01auth=Bearer live\x01\x01":
            return AuthResult(success=True, auth_data="me")
        await self.push("334 eyJzdGF0dXMiOiI0MDAifQ==")
        await self._reader.readline()
        return AuthResult(success=False, handled=False, message="535 5.7.8 expired")


def test_smtp_takes_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiosmtpd.controller.SMTP", Bearing)
    with SmtpSink(logins={"me": "unused"}) as sink:
        server = Server("localhost", sink.port, "none")
        check_login(server, Login("me", "live", bearer=True))
        with pytest.raises(LoginRefused):
            check_login(server, Login("me", "dead", bearer=True))
    with pytest.raises(Invalid), SmtpSink(logins={"me": "unused"}) as sink:
        check_login(Server("localhost", sink.port, "none"), Login("me\x01auth=Bearer x", "live", bearer=True))


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (b"nonsense\r\n\r\n", "connection_failed"),
        (b"HTTP/1.1 200 OK\r\n\r\n[]", "bad_response"),
        (b"", "connection_failed"),
    ],
)
def test_a_provider_that_answers_nonsense_is_trouble_like_any_other(reply: bytes, code: str) -> None:
    def script(line: Line) -> None:
        length = 0
        # What is left unread would make the end of the line a reset, in which the answer is lost.
        while field := line.reader.readline().strip().lower():
            if field.startswith(b"content-length:"):
                length = int(field.partition(b":")[2])
        line.reader.read(length)
        line.say(reply)

    with hostile(script) as server, pytest.raises(NetworkTrouble) as told:
        oauth.begin_device(
            oauth.Endpoints("http://127.0.0.1/t", "crm", "mail", device=f"http://127.0.0.1:{server.port}/d")
        )
    assert told.value.code == code


@pytest.mark.parametrize("told", ["inf", "nan", -1, "1e400", 10**400, None, "soon"])
def test_a_time_that_is_none_is_not_waited_for(told: object) -> None:
    assert oauth._seconds({"interval": told}, "interval", 5.0) == 5.0
