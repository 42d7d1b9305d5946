"""Certificates for servers on loopback, good and bad ones, from an authority that only the tests trust."""

import shutil
import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

import trustme


@dataclass(frozen=True)
class Certificate:
    """PEM files of one server: ``chain`` (with the certificate) and ``key``."""

    chain: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """What a server presents itself with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Authority:
    """A certificate authority; its certificate lies at ``ca_file`` until the authority is closed."""

    def __init__(self) -> None:
        self._authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self._folder = Path(tempfile.mkdtemp(prefix="crm-ca-"))
        self._issued = 0
        self.ca_file = self._folder / "ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))

    def __enter__(self) -> "Authority":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop all keys and certificates."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def issue(
        self,
        *names: str,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> Certificate:
        """A certificate for ``names`` (``localhost`` and ``127.0.0.1`` by default) and a span of time."""
        made = self._authority.issue_cert(
            *(names or ("localhost", "127.0.0.1")),
            not_before=not_before,
            not_after=not_after,
            key_type=trustme.KeyType.ECDSA,
        )
        self._issued += 1
        certificate = Certificate(self._folder / f"{self._issued}.pem", self._folder / f"{self._issued}.key")
        certificate.chain.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
        made.private_key_pem.write_to_path(str(certificate.key))
        return certificate

    def client_context(self) -> ssl.SSLContext:
        """What a client that trusts this authority connects with."""
        return ssl.create_default_context(cafile=str(self.ca_file))
