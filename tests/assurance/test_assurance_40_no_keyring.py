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
    named = {module for module, _ in credentials._REAL_KEYRINGS}
    assert not any("fail" in name or "null" in name or "chainer" in name or "alt" in name for name in named)
    monkeypatch.setattr(credentials, "_REAL_KEYRINGS", ())
    assert real_keyring() is None
