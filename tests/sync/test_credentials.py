"""Passwords: where they come from, and that they lie nowhere in the clear."""

import os
import stat
from pathlib import Path

import pytest

from crm_tui.domain.errors import BadConfig, LoginRefused, StoreDamaged
from crm_tui.sync import password_command
from crm_tui.sync.credentials import SERVICE, Credentials
from crm_tui.sync.password_command import run_password_command
from crm_tui.sync.vault import Vault


class FakeKeyring:
    def __init__(self, *, locked: bool = False) -> None:
        self.kept: dict[str, str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        assert service == SERVICE
        if self.locked:
            raise RuntimeError("the daemon is locked")
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise RuntimeError("the daemon is locked")
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


@pytest.fixture(autouse=True)
def cheap_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """scrypt at a cost that tests can pay."""
    monkeypatch.setattr("crm_tui.sync.vault._COST", {"n": 2**4, "r": 8, "p": 1})


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault.json")


def test_a_command_gives_its_first_line() -> None:
    assert run_password_command("printf 'first line\\nsecond\\n'") == "first line"
    assert run_password_command(["printf", "%s\r\n", "with $HOME `id` spaces "]) == "with $HOME `id` spaces "


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("sh -c 'echo locked >&2; exit 3'", "password_command_failed"),
        ("no-such-program-7f", "password_command_missing"),
        ("'unclosed", "password_command_failed"),
        ("", "password_command_failed"),
        ("true", "password_command_empty"),
    ],
)
def test_a_failing_command_says_why(command: str, code: str) -> None:
    with pytest.raises(BadConfig) as refused:
        run_password_command(command)
    assert refused.value.code == code


def test_a_failing_commands_words_are_shown_clean() -> None:
    with pytest.raises(BadConfig) as refused:
        run_password_command(["sh", "-c", "printf '\\033]0;evil\\007no key' >&2; exit 2"])
    assert refused.value.facts["status"] == 2
    assert "no key" in refused.value.facts["reason"]
    assert "\x1b" not in refused.value.facts["reason"]


def test_a_command_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_command, "COMMAND_SECONDS", 0.1)
    with pytest.raises(BadConfig) as refused:
        run_password_command(["sleep", "60"])
    assert refused.value.code == "password_command_timeout"


def test_the_order_is_command_keyring_vault_question(vault: Vault) -> None:
    keyring = FakeKeyring()
    vault.create("open")
    vault.put("me@x", "from the vault")
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return "asked"

    keyring.kept = {"me@x": "from the keyring"}
    assert Credentials(vault, keyring, ask).password("me@x", ["echo", "commanded"]) == "commanded"
    assert Credentials(vault, keyring, ask).password("me@x") == "from the keyring"
    assert Credentials(vault, None, ask).password("me@x") == "from the vault"
    secrets = Credentials(vault, None, ask)
    assert [secrets.password("you@x"), secrets.password("you@x")] == ["asked", "asked"]
    assert asked == ["you@x"]


def test_a_refused_password_is_asked_for_anew(vault: Vault) -> None:
    answers = iter(["wrong", "right"])
    secrets = Credentials(vault, None, lambda name: next(answers))
    assert secrets.password("me@x") == "wrong"
    secrets.refused("me@x")
    assert secrets.password("me@x") == "right"


def test_what_is_missing_is_told_apart(vault: Vault) -> None:
    with pytest.raises(LoginRefused) as refused:
        Credentials(vault, None).password("me@x")
    assert refused.value.code == "password_missing"
    vault.create("open")
    vault.lock()
    with pytest.raises(LoginRefused) as refused:
        Credentials(vault, None).password("me@x")
    assert refused.value.code == "vault_locked"


@pytest.mark.parametrize(
    ("keyring", "is_open", "place"),
    [(FakeKeyring(), True, "keyring"), (FakeKeyring(locked=True), True, "vault"), (None, True, "vault"),
     (None, False, "session")],
)  # fmt: skip
def test_a_password_is_kept_in_the_best_place(
    vault: Vault, keyring: FakeKeyring | None, is_open: bool, place: str
) -> None:
    if is_open:
        vault.create("open")
    secrets = Credentials(vault, keyring)
    assert secrets.remember("me@x", "secret") == place
    assert secrets.password("me@x") == "secret"
    secrets.forget("me@x")
    with pytest.raises(LoginRefused):
        secrets.password("me@x")


def test_a_vault_is_read_back_with_its_passphrase_alone(vault: Vault) -> None:
    vault.create("пароль ключа")
    vault.put("me@x", "canary-secret")
    vault.put("gone@x", "old")
    vault.put("gone@x", None)
    again = Vault(vault.path)
    assert again.get("me@x") is None
    with pytest.raises(LoginRefused) as refused:
        again.unlock("wrong")
    assert refused.value.code == "wrong_passphrase"
    assert not again.is_open()
    again.unlock("пароль ключа")
    assert (again.get("me@x"), again.get("gone@x")) == ("canary-secret", None)
    assert b"canary-secret" not in vault.path.read_bytes()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_vaults_file_is_its_owners_alone(vault: Vault, umask: int) -> None:
    before = os.umask(umask)
    try:
        vault.create("open")
        vault.put("me@x", "secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o600
    assert [path.name for path in vault.path.parent.glob("*vault*")] == ["vault.json"]


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x00\xff", b'{"salt": 1, "nonce": 2, "data": 3}', b"[]"])
def test_a_damaged_vault_is_named(vault: Vault, damage: bytes) -> None:
    vault.path.write_bytes(damage)
    with pytest.raises(StoreDamaged):
        vault.unlock("open")


def test_a_changed_byte_is_noticed(vault: Vault) -> None:
    vault.create("open")
    vault.put("me@x", "secret")
    content = bytearray(vault.path.read_bytes())
    at = content.index(b'"data": "') + 12
    content[at] = ord("A") if content[at] != ord("A") else ord("B")
    vault.path.write_bytes(content)
    with pytest.raises(LoginRefused):
        vault.unlock("open")


def test_a_locked_vault_takes_nothing(vault: Vault) -> None:
    with pytest.raises(LoginRefused):
        vault.put("me@x", "secret")
    assert not vault.exists()


def test_where_a_password_would_be_kept_is_told_and_memory_alone_can_be_asked_for(vault: Vault) -> None:
    secrets = Credentials(vault, None, None)
    assert secrets.keeps() == "session"
    vault.create("sesame")
    assert secrets.keeps() == "vault"
    assert secrets.remember("me@x", "secret", session_only=True) == "session"
    assert vault.get("me@x") is None
    assert secrets.password("me@x") == "secret"
