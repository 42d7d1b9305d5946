"""``crm account login``: agreeing at a provider from a terminal, here or over SSH."""

import io
import json
import sys
import urllib.parse
from collections.abc import Iterator

import pytest

from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.store.work import Actor
from crm_tui.sync import oauth
from tests.cli.conftest import Crm
from tests.servers.token_server import TokenServer
from tests.sync.test_credentials import FakeKeyring


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with TokenServer() as made:
        yield made


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    made = FakeKeyring()
    monkeypatch.setattr("crm_tui.sync.credentials.real_keyring", lambda: made)
    return made


def known_as(tokens: TokenServer, monkeypatch: pytest.MonkeyPatch, provider: str, *, device: bool) -> None:
    settings = {name: value for name, value in tokens.settings(device=device).items() if name != "client_id"}
    monkeypatch.setitem(oauth.PROVIDERS, provider, settings)


def add(crm: Crm, *words: object) -> int:
    return crm("account", "add", "Work", "me@x.example", "--imap-host", "localhost", *words).code


def test_a_code_is_typed_on_any_device(
    crm: Crm, tokens: TokenServer, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_as(tokens, monkeypatch, "microsoft", device=True)
    assert add(crm, "--oauth", "microsoft") == 2
    assert add(crm, "--oauth", "microsoft", "--client-id", "crm") == 0
    done = crm("account", "login", "Work")
    assert done.code == 0, done.err
    assert "Open https://x.example/dev in any browser and type WDJB-MJHT" in done.err
    assert json.loads(keyring.kept["oauth:me@x.example"])["refresh"] in tokens.refresh_tokens
    (listed,) = crm("account", "list", "--json").json
    assert (listed["auth"], listed["password_source"]) == ("oauth", "keyring")


def test_over_ssh_the_address_is_pasted(
    crm: Crm, tokens: TokenServer, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch, store_file: object
) -> None:
    known_as(tokens, monkeypatch, "google", device=False)
    assert add(crm, "--oauth", "google", "--client-id", "crm") == 0

    class Person(io.StringIO):
        """Types the client secret, then looks at the screen and pastes."""

        def readline(self, _size: int = -1) -> str:
            if not opened:
                opened.append("")
                return "shh\n"
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(opened[-1]).query))
            tokens.challenge = query["code_challenge"]
            return f"{query['redirect_uri']}?state={query['state']}&code=c\n"

    opened: list[str] = []
    really = oauth.begin_browser

    def begin(ends: oauth.Endpoints, redirect: str) -> oauth.BrowserRequest:
        made = really(ends, redirect)
        opened.append(made.address)
        return made

    monkeypatch.setattr(oauth, "begin_browser", begin)
    monkeypatch.setattr(sys, "stdin", Person())
    done = crm("account", "login", "Work", "--paste", "--client-secret-stdin")
    assert done.code == 0, done.err
    assert tokens.asked[-1]["client_secret"] == "shh"
    kept = json.loads(keyring.kept["oauth:me@x.example"])
    assert kept["client_secret"] == "shh"
    store = Store(store_file)  # type: ignore[arg-type]
    with store.work(Actor("test"), "look") as work:
        stored = str(work.find(MailAccount, name="Work"))
    store.close()
    assert kept["refresh"] not in stored
    assert "shh" not in stored


def test_a_command_and_an_account_with_a_password(crm: Crm, keyring: FakeKeyring) -> None:
    assert add(crm, "--token-command", "echo token") == 0
    assert crm("account", "login", "Work").code == 0
    assert (
        crm(
            "account", "add", "Old", "old@x.example", "--imap-host", "localhost", "--password-command", "x"
        ).code
        == 0
    )
    assert crm("account", "login", "Old").code != 0
