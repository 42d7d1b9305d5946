"""Passwords in a file encrypted with a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals.

The passphrase is asked once a session; the key lives in memory only. The file is replaced whole, by rename.
"""

import base64
import json
import os
from pathlib import Path

from crm_tui import whole_file
from crm_tui.domain.errors import LoginRefused, StoreDamaged

_COST = {"n": 2**15, "r": 8, "p": 1}
_FORM = 1
_BOUND_TO = b"crm_tui vault 1"


class Vault:
    """The encrypted file at ``path``. Locked until ``unlock`` or ``create``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key: bytes | None = None
        self._salt = b""
        self._secrets: dict[str, str] = {}

    def exists(self) -> bool:
        """Whether there is a file to unlock."""
        return self.path.exists()

    def is_open(self) -> bool:
        """Whether passwords can be read and written now."""
        return self._key is not None

    def create(self, passphrase: str) -> None:
        """Begin an empty vault under a new passphrase."""
        self._salt = os.urandom(16)
        self._key = _derive(passphrase, self._salt)
        self._secrets = {}
        self._save()

    def unlock(self, passphrase: str) -> None:
        """Open the file for this session.

        Raises LoginRefused for a wrong passphrase, StoreDamaged for a file that is not a vault.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            sealed = json.loads(self.path.read_text("utf-8"))
            salt, nonce, data = (base64.b64decode(sealed[name]) for name in ("salt", "nonce", "data"))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreDamaged("vault_damaged", path=str(self.path)) from error
        key = _derive(passphrase, salt)
        try:
            plain = AESGCM(key).decrypt(nonce, data, _BOUND_TO)
        except InvalidTag:
            raise LoginRefused("wrong_passphrase", path=str(self.path)) from None
        self._salt, self._key, self._secrets = salt, key, json.loads(plain)

    def lock(self) -> None:
        """Forget the key and the passwords."""
        self._key = None
        self._secrets = {}

    def get(self, name: str) -> str | None:
        """The password kept under ``name``; None when there is none or the vault is locked."""
        return self._secrets.get(name)

    def put(self, name: str, secret: str | None) -> None:
        """Keep a password, or with None forget it, and write the file."""
        if secret is None:
            self._secrets.pop(name, None)
        else:
            self._secrets[name] = secret
        self._save()

    def _save(self) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self._key is None:
            raise LoginRefused("vault_locked", path=str(self.path))
        nonce = os.urandom(12)
        data = AESGCM(self._key).encrypt(nonce, json.dumps(self._secrets).encode(), _BOUND_TO)
        sealed = {
            "form": _FORM,
            **{
                name: base64.b64encode(value).decode()
                for name, value in (("salt", self._salt), ("nonce", nonce), ("data", data))
            },
        }
        whole_file.write(self.path, json.dumps(sealed))


def _derive(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, **_COST).derive(passphrase.encode())
