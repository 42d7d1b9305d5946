"""A certificate authority of the demo's own, and a certificate for the loopback names."""

import ipaddress
import ssl
from datetime import datetime, timedelta
from pathlib import Path

AUTHORITY = "authority.pem"
CERTIFICATE = "server.pem"
LIFETIME = timedelta(days=3650)


def ensure(folder: Path, now: datetime) -> Path:
    """The authority's certificate to trust; made with the server's own at the first call."""
    authority, server = folder / AUTHORITY, folder / CERTIFICATE
    if not (authority.exists() and server.exists()):
        _make(authority, server, now)
    return authority


def context(folder: Path) -> ssl.SSLContext:
    """What the demo's servers answer TLS with."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / CERTIFICATE)
    return made


def _make(authority: Path, server: Path, now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def build(subject: str, key: ec.EllipticCurvePublicKey, is_authority: bool) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("crm_tui demo authority"))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
            )
        )

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = build("crm_tui demo authority", root_key.public_key(), True).sign(root_key, hashes.SHA256())
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    leaf = build("localhost", key.public_key(), False).add_extension(names, critical=False)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signed = leaf.sign(root_key, hashes.SHA256())
    server.touch(mode=0o600)
    server.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
