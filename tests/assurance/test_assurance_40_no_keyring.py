"""Row 40: on a machine without a keyring the password command and the vault work, and nothing prompts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_tui.sync import credentials
from crm_tui.sync.credentials import real_keyring

PROGRAM = """
from crm_tui.domain.errors import LoginRefused
from crm_tui.sync.credentials import Credentials, real_keyring
assert real_keyring() is None
secrets = Credentials()
assert secrets.password("a@x", ["echo", "commanded"]) == "commanded"
try:
    secrets.password("b@x")
except LoginRefused as error:
    print(error.code)
secrets.vault.create("passphrase")
print(secrets.remember("b@x", "kept"), secrets.password("b@x"))
"""


def test_without_a_desktop_there_is_a_way(crm_home: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "PYTHON_KEYRING_BACKEND", "XDG_RUNTIME_DIR")
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=60, check=False, start_new_session=True,
    )  # fmt: skip
    assert (done.stdout.split("\n"), done.stderr) == (["password_missing", "vault kept", ""], "")


def test_a_keyring_that_only_pretends_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    named = {module for module, _ in credentials._possible_keyrings()}
    assert len(named) == 3
    assert not any("fail" in name or "null" in name or "chainer" in name or "alt" in name for name in named)
    assert real_keyring() is None


@pytest.mark.parametrize(("address", "has_socket"), [("unix:path=/run/bus", False), ("", True), ("", False)])
def test_keyrings_on_the_session_bus_are_tried_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, has_socket: bool
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    if has_socket:
        (tmp_path / "bus").touch()
    monkeypatch.setattr("sys.platform", "linux")
    assert bool(credentials._possible_keyrings()) is bool(address or has_socket)
