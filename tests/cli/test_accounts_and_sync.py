"""``crm account`` and ``crm sync`` against a real Dovecot, and the providers that are known by heart."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crm_tui.services.account import providers
from crm_tui.store.engine import Store
from crm_tui.store.queries import accounts
from crm_tui.store.tables import MailAccount, Outbox
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.servers.dovecot import PASSWORD, Dovecot, free_ports
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import LIMIT, eventually

SAY_PASSWORD = f"{sys.executable} -c \"print('{PASSWORD}')\""


class Terminal(io.StringIO):
    """A standard stream with a person at it."""

    def isatty(self) -> bool:
        return True


def letter(number: int) -> bytes:
    return f"From: a@b.example\r\nMessage-ID: <{number}@b.example>\r\nSubject: letter {number}\r\n\r\nx\r\n".encode()


def add(crm: Crm, name: str, port: int, *, user: str = "", say: str = SAY_PASSWORD) -> None:
    done = crm(
        "account", "add", name, f"{name}@example.org", "--imap-host", "localhost", "--imap-port", port,
        "--imap-security", "none", "--imap-user", user or name, "--password-command", say,
    )  # fmt: skip
    assert done.code == 0, done.err


def test_letters_are_brought_and_counted(crm: Crm, dovecot: Dovecot) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", [letter(number) for number in range(7)])
    dovecot.seed(user, "Архив", [letter(100)], ["\\Seen"])
    add(crm, user, dovecot.imap_port)
    synced = crm("sync", "--once", "--json")
    assert synced.code == 0
    assert [(one["account"], one["new"], one["error"]) for one in synced.json] == [(user, 8, None)]
    counts = {one["folder"]: (one["total"], one["unread"]) for one in crm("mail", "ls", "--json").json}
    assert counts["INBOX"] == (7, 7)
    assert counts["Архив"] == (1, 0)
    (again,) = crm("sync", "--once", "--json").json
    assert not any(again[name] for name in ("new", "changed", "gone", "bodies", "pushed"))
    assert crm("account", "list", "--json").json[0]["last_success"]


def test_l_24_a_daemon_brings_letters_and_sends_what_waits(
    crm: Crm, dovecot: Dovecot, store: Store, smtp_sink: SmtpSink
) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", [letter(1)])
    add(crm, user, dovecot.imap_port)
    with store.work(Actor("test"), "outbox") as work:
        account = work.find(MailAccount, name=user)
        assert account is not None
        work.change(
            account, smtp_host="localhost", smtp_port=smtp_sink.port, smtp_security="none", smtp_user=""
        )
        work.add(
            Outbox(
                account_id=account.key, message_id="1@b.example", raw=letter(1), envelope_from="a@b.example",
                recipients=["c@d.example"], next_try_at=work.now, created_at=work.now,
            )
        )  # fmt: skip
    assert crm("daemon", "--once", "--no-mail").code == 0
    assert listed(store) == set()
    assert smtp_sink.deliveries == []
    done = crm("daemon", "--once")
    assert (done.code, done.out) == (0, ""), "only what is due is data"
    assert listed(store) == {"letter 1"}
    assert len(smtp_sink.wait()) == 1
    assert crm("daemon", "--once", "--account", "nobody").code == 3
    (nobody_listens,) = free_ports(1)
    add(crm, "silent", nobody_listens)
    done = crm("daemon", "--once")
    assert done.code == 6
    assert "silent: " in done.err


def test_one_account_in_trouble_keeps_no_other_from_its_mail(crm: Crm, dovecot: Dovecot) -> None:
    well, locked_out = dovecot.account("well"), dovecot.account("locked")
    dovecot.seed(well, "INBOX", [letter(1)])
    (nobody_listens,) = free_ports(1)
    add(crm, well, dovecot.imap_port)
    add(crm, "silent", nobody_listens)
    done = crm("sync", "--once", "--json")
    assert done.code == 6
    assert {one["account"]: (one["new"], one["error"] is None) for one in done.json} == {
        well: (1, True),
        "silent": (0, False),
    }
    assert "silent: " in done.err
    assert f"{well}: " not in done.err
    add(crm, locked_out, dovecot.imap_port, say=f"{sys.executable} -c \"print('wrong')\"")
    assert crm("sync", "--once").code == 4, "a refused login needs a person more than a silent server"
    assert crm("sync", "--once", "--account", well).code == 0
    assert crm("sync", "--once", "--account", "nobody").code == 3


def test_what_waits_is_sent_and_its_copy_reaches_the_server(
    crm: Crm, dovecot: Dovecot, store: Store, smtp_sink: SmtpSink
) -> None:
    user, idle = dovecot.account(), dovecot.account("idle")
    add(crm, user, dovecot.imap_port)
    add(crm, idle, dovecot.imap_port)
    assert crm("sync", "--once").code == 0
    with store.work(Actor("test"), "outbox") as work:
        account = work.find(MailAccount, name=user)
        assert account is not None
        work.change(
            account, smtp_host="localhost", smtp_port=smtp_sink.port, smtp_security="none", smtp_user=""
        )
        work.add(
            Outbox(
                account_id=account.key, message_id="1@b.example", raw=letter(1), envelope_from="a@b.example",
                recipients=["c@d.example"], next_try_at=work.now, created_at=work.now,
            )
        )  # fmt: skip
    assert crm("sync", "--once", "--account", idle).code == 0
    assert smtp_sink.deliveries == []
    assert crm("sync", "--once", "--account", user).code == 0
    assert len(smtp_sink.wait()) == 1
    client = dovecot.client(user)
    assert client.folder_status("Sent", ["MESSAGES"]) == {b"MESSAGES": 1}
    client.logout()
    with store.work(Actor("test"), "outbox") as work:
        work.add(
            Outbox(
                account_id=account.key, message_id="2@b.example", raw=letter(2), envelope_from="a@b.example",
                recipients=["c@d.example"], next_try_at=work.now, created_at=work.now,
            )
        )  # fmt: skip
        work.change(account, smtp_port=free_ports(1)[0])
    unsent = crm("sync", "--once", "--account", user, "--json")
    assert (unsent.code, unsent.json[0]["error"]) == (6, None)
    assert unsent.err.count("\n") == 1


def test_sync_goes_on_until_it_is_told_to_end(crm: Crm, dovecot: Dovecot, store: Store) -> None:
    user = dovecot.account()
    add(crm, user, dovecot.imap_port)
    add(crm, "other", *free_ports(1))
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        with subprocess.Popen(
            [sys.executable, "-m", "crm_tui", "sync", "--account", user],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ,
            preexec_fn=hears_ctrl_c,
        ) as program:
            try:
                dovecot.seed(user, "INBOX", [letter(number)])
                eventually(lambda n=number: f"letter {n}" in listed(store), "the letter is here")
                program.send_signal(number)
                said = program.communicate(timeout=LIMIT)
                assert program.returncode == code
                assert said[0] == b""
                assert f"{user}: ".encode() in said[1]
                assert b"other" not in said[1]
            finally:
                program.kill()


def hears_ctrl_c() -> None:
    """A suite that runs in the background of a shell ignores SIGINT, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def listed(store: Store) -> set[str]:
    from sqlalchemy import select

    from crm_tui.store.tables import Letter, table_of

    with store.read() as connection:
        return set(connection.execute(select(table_of(Letter).c.subject)).scalars())


def test_a_person_is_asked_once_and_shown_how_far_it_is(
    crm: Crm, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", [letter(1)])
    asked: list[str] = []
    answers = iter([PASSWORD, "seal", "seal", "seal"])

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("getpass.getpass", getpass)
    monkeypatch.setattr(sys, "stdin", Terminal())
    server = ("--imap-host", "localhost", "--imap-port", dovecot.imap_port, "--imap-security", "none")
    assert crm("account", "add", user, f"{user}@example.org", *server, "--imap-user", user).code == 0
    assert len(asked) == 3, "the password, and the new passphrase twice"
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    done = crm("sync", "--once", "--plain")
    assert (done.code, len(asked)) == (0, 4)
    assert done.lines == [["1", "0", "0", "0", user]]
    assert f"{user}: INBOX" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_a_password_that_nobody_knows_is_4(
    crm: Crm, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = dovecot.account()
    server = ("--imap-host", "localhost", "--imap-port", dovecot.imap_port, "--imap-security", "none")
    assert crm("account", "add", user, f"{user}@example.org", *server).code == 0
    assert crm("sync", "--once").code == 4
    assert crm("account", "test", user).code == 4
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "")
    assert crm("sync", "--once").code == 4
    assert "There is no password for" in crm("account", "list").out, "in words for people"


def test_an_account_is_tested_without_a_change(crm: Crm, dovecot: Dovecot) -> None:
    user = dovecot.account()
    add(crm, user, dovecot.imap_port)
    assert any(line[1] == "INBOX" for line in crm("account", "test", user, "--plain").lines)
    assert crm("account", "list", "--plain").lines == [
        [user, f"{user}@example.org", f"localhost:{dovecot.imap_port}", "", ""]
    ]
    found = crm("account", "test", user, "--json")
    assert found.code == 0
    assert {"INBOX", "Sent"} <= {one["folder"] for one in found.json["folders"]}
    assert crm("mail", "ls", "--json").json == []
    assert crm("account", "test", "nobody").code == 3


def test_without_an_account_there_is_nothing_to_sync(crm: Crm) -> None:
    done = crm("sync", "--once")
    assert (done.code, done.out) == (3, "")
    assert "crm account add" in done.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["x", "a@gmail.com"], 0),
        (["x", "a@firm.example", "--provider", "yandex"], 0),
        (["x", "a@firm.example"], 2),
        (["x", "a@firm.example", "--provider", "pigeon"], 2),
        (["x", "no-address", "--provider", "gmail"], 2),
        (["x", "a@firm.example", "--imap-host", "mail.firm.example", "--imap-security", "none"], 1),
        (["x", "a@firm.example", "--imap-host", "mail.firm.example", "--imap-port", "70000"], 2),
        (["x", "a@gmail.com", "--password-command", "pass a", "--password-stdin"], 2),
    ],
)
def test_accounts_that_can_be_added(crm: Crm, arguments: list[str], code: int) -> None:
    assert crm("account", "add", *arguments).code == code
    assert len(crm("account", "list", "--json").json) == (code == 0)


def test_an_account_is_removed_and_its_name_is_free_again(crm: Crm) -> None:
    crm("account", "add", "work", "a@gmail.com")
    assert crm("account", "add", "work", "a@gmail.com").code == 1
    assert crm("account", "remove", "work").code == 0
    assert crm("account", "remove", "work").code == 3
    assert crm("account", "add", "work", "a@gmail.com").code == 0


def test_settings_of_an_account_are_kept(crm: Crm, store: Store) -> None:
    crm(
        "account", "add", "work", "a@firm.example", "--imap-host", "i.example", "--imap-security", "starttls",
        "--smtp-host", "s.example", "--smtp-security", "starttls", "--password-command", "pass show 'my mail'",
        "--move-accepted", "--decline-needs-reason", "--sender-name", "Айгүль",
    )  # fmt: skip
    with store.read() as connection:
        (account,) = accounts.in_use(connection)
    assert (account.imap_port, account.smtp_port) == (143, 587)
    assert (account.imap_user, account.smtp_user) == ("a@firm.example", "a@firm.example")
    assert account.password_command == ["pass", "show", "my mail"]
    assert (account.move_accepted, account.decline_needs_reason) == (True, True)
    assert account.sender_name == "Айгүль"


def test_a_password_without_a_safe_place_is_refused(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, crm_home: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("open-sesame-42\n"))
    done = crm("account", "add", "work", "a@gmail.com", "--password-stdin")
    assert done.code == 4
    assert "--password-command" in done.err
    assert crm("account", "list", "--json").json == []
    assert all(b"open-sesame-42" not in file.read_bytes() for file in crm_home.rglob("*") if file.is_file())


def test_a_password_is_sealed_by_a_passphrase_that_is_typed(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, crm_home: Path
) -> None:
    typed = iter(["open-sesame-42", "seal", "other", "seal", "seal", "open-sesame-43", "seal"])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert crm("account", "add", "work", "a@gmail.com").code == 0
    assert crm("account", "list", "--json").json[0]["password_source"] == "vault"
    assert crm("account", "password", "work").code == 0
    assert next(typed, None) is None
    sealed = json.loads((crm_home / "data" / "vault.json").read_text())
    assert set(sealed) >= {"salt", "nonce", "data"}
    assert all(b"open-sesame" not in file.read_bytes() for file in crm_home.rglob("*") if file.is_file())


@pytest.mark.parametrize("provider", providers.PROVIDERS, ids=lambda one: one.name)
def test_providers_are_found_by_their_addresses(provider: providers.Provider) -> None:
    for domain in provider.domains:
        assert providers.by_address(f"Some.Body@{domain.upper()}") is provider
    settings = provider.settings()
    assert settings["imap_security"] == "tls"
    assert settings["smtp_port"] == {"tls": 465, "starttls": 587}[settings["smtp_security"]]
    assert providers.by_name(provider.name) is provider


def test_an_unknown_provider_is_none() -> None:
    assert providers.by_address("a@firm.example") is None
    assert providers.by_address("nonsense") is None
    assert providers.by_name("pigeon") is None


def test_mail_01_a_pop3_account_is_added_and_fetched(crm: Crm, dovecot: Dovecot) -> None:
    user = dovecot.account("popcli")
    dovecot.seed(user, "INBOX", [letter(1)])
    added = crm(
        "account", "add", "Old", f"{user}@example.org", "--kind", "pop3", "--pop3-host", "localhost", "--pop3-port",
        dovecot.pop3_port, "--pop3-security", "none", "--pop3-user", user, "--password-command", SAY_PASSWORD,
        "--keep-on-server-days", 14,
    )  # fmt: skip
    assert added.code == 0, added.err
    assert crm("account", "test", "Old").code == 0
    assert [one["new"] for one in crm("sync", "--once", "--json").json] == [1]
    (listed,) = crm("account", "list", "--json").json
    assert (listed["kind"], listed["pop3"]["port"]) == ("pop3", dovecot.pop3_port)
    assert crm("account", "add", "g", "me@ukr.net", "--kind", "pop3", "--password-command", "x").code == 0
    assert crm("account", "list", "--json").json[1]["pop3"]["host"] == "pop3.ukr.net"
