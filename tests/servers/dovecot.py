"""A throw-away Dovecot 2.3: IMAP and POP3, clear and over TLS, on ports of loopback.

Needs no systemd, no ``/etc/dovecot`` and no root; any number of them run side by side. Every user name logs
in with the same password, so a test takes a fresh account instead of cleaning up an old one.
"""

import contextlib
import ctypes
import grp
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tests.servers.certificates import Authority
from tests.servers.maildir import Maildir

if TYPE_CHECKING:
    from imapclient import IMAPClient

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "/usr/sbin/dovecot"
PASSWORD = "open-sesame"
SPECIAL_FOLDERS = {
    "Drafts": "\\Drafts",
    "Sent": "\\Sent",
    "Trash": "\\Trash",
    "Junk": "\\Junk",
    "Archive": "\\Archive",
}
PLAIN_SERVER = "IMAP4rev1 LITERAL+ IDLE"
"""An ``imap_capability`` without UIDPLUS, MOVE, CONDSTORE, QRESYNC, LIST-STATUS and SPECIAL-USE."""

COMPRESS = "mail_plugins = $mail_plugins imap_zlib\n"

_numbers = count(1)
_wait = threading.Event()
_chance = random.SystemRandom()


class Dovecot:
    """A server between ``start`` and ``stop``, or within a ``with`` block.

    ``imap_capability`` hides what the server can do (it still executes hidden commands, so a client must
    really obey the capability list). ``rawlog`` keeps the bytes of each IMAP session, see ``session_log``.
    ``extra`` is appended to the configuration. Connect to ``host`` at ``imap_port``, ``imaps_port``,
    ``pop3_port`` or ``pop3s_port``; the certificate is for ``localhost`` and ``127.0.0.1``, signed by
    ``authority``.
    """

    host = "localhost"
    password = PASSWORD

    def __init__(
        self,
        *,
        authority: Authority | None = None,
        imap_capability: str | None = None,
        rawlog: bool = False,
        extra: str = "",
    ) -> None:
        self.authority = authority or Authority()
        self._owns_authority = authority is None
        self.imap_capability = imap_capability
        self.rawlog = rawlog
        self.extra = extra
        # AF_UNIX paths end at 108 bytes: pytest's tmp_path may be too long for Dovecot's sockets.
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.owner = mail_owner()
        self.imap_port, self.imaps_port, self.pop3_port, self.pop3s_port = free_ports(4)
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("mail", "rawlog"):
            (self.folder / name).mkdir()
            os.chown(self.folder / name, *self.owner)
        (self.folder / "dovecot.conf").write_text(_configuration(self))

    @staticmethod
    def available() -> bool:
        """Whether this machine has Dovecot with IMAP and POP3."""
        return os.access(PROGRAM, os.X_OK) and all(
            Path("/usr/lib/dovecot", part).exists() for part in ("imap", "pop3")
        )

    def __enter__(self) -> "Dovecot":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._owns_authority:
            self.authority.close()

    def start(self) -> None:
        """Start and return when the server greets."""
        with (self.folder / "stdout.log").open("ab") as output:
            self._process = subprocess.Popen(
                [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )
        deadline = time.monotonic() + 60
        while not self._greets():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Dovecot did not start: {self.log()}")
            _wait.wait(0.02)

    def stop(self) -> None:
        """End the server and its sessions."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """Stop and start on the same ports with the same mail."""
        self.stop()
        self.start()

    def log(self) -> str:
        """The end of the server's log."""
        logs = (self.folder / name for name in ("dovecot.log", "stdout.log"))
        return "".join(log.read_text(errors="replace") for log in logs if log.exists())[-4000:]

    def account(self, name: str = "user") -> str:
        """A user name that nobody had before, with INBOX and the special folders empty."""
        user = f"{name}{next(_numbers)}"
        if self.rawlog:
            (self.folder / "rawlog" / user).mkdir()
            os.chown(self.folder / "rawlog" / user, *self.owner)
        return user

    def maildir(self, user: str) -> Maildir:
        """The mail of ``user`` on disk."""
        return Maildir(self.folder / "mail" / user / "mail", self.owner)

    def seed(self, user: str, folder: str, letters: Iterable[bytes], flags: Iterable[str] = ()) -> int:
        """Put letters into a folder past the protocol, thousands a second: see ``Maildir.seed``."""
        return self.maildir(user).seed(folder, letters, flags)

    def reset_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Give the folder a new UIDVALIDITY and its letters new UIDs; no session may have it open."""
        self.maildir(user).forget_uids(folder)

    def session_log(self, user: str) -> bytes:
        """All that clients of ``user`` sent so far, oldest session first (needs ``rawlog``)."""
        logs = sorted((self.folder / "rawlog" / user).glob("*.in"))
        return b"".join(log.read_bytes() for log in logs)

    def client(self, user: str, *, tls: bool = False, port: int | None = None) -> "IMAPClient":
        """Another program at the same mailbox: a logged-in IMAPClient."""
        from imapclient import IMAPClient

        options: dict[str, Any] = {"ssl_context": self.authority.client_context()} if tls else {}
        client = IMAPClient(
            self.host, port=port or (self.imaps_port if tls else self.imap_port), ssl=tls, **options
        )
        client.login(user, PASSWORD)
        return client

    def _greets(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.imap_port), 1) as link:
            link.settimeout(5)
            return link.recv(200).startswith(b"* OK")
        return False


def free_ports(number: int) -> list[int]:
    """Ports of loopback that nobody listened on just now.

    From below the range that the kernel gives to outgoing connections, and at random: nobody takes them before
    the server does, not even another test worker, whose ``random`` starts from the same seed.
    """
    found: list[int] = []
    while len(found) < number:
        port = _chance.randrange(15_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as link:
            link.bind(("127.0.0.1", port))
            if port not in found:
                found.append(port)
    return found


def end_with_parent() -> None:
    """Between fork and exec: a killed test runner leaves no server behind (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def mail_owner() -> tuple[int, int]:
    """User and group of the mail files: Dovecot refuses to read mail as root."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    entry = pwd.getpwnam("mail")
    return entry.pw_uid, entry.pw_gid


def _identity() -> str:
    if os.getuid() == 0:
        return ""
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    return f"default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}\n"


def _listener(name: str, port: int) -> str:
    secure = "ssl = yes" if name.endswith("s") else ""
    return f"inet_listener {name} {{\n address = 127.0.0.1\n port = {port}\n {secure}\n}}\n"


def _configuration(server: Dovecot) -> str:
    certificate = server.authority.issue()
    folder, (uid, gid) = server.folder, server.owner
    special = "".join(
        f" mailbox {name} {{\n  auto = subscribe\n  special_use = {use}\n }}\n"
        for name, use in SPECIAL_FOLDERS.items()
    )
    imap = f"imap_capability = {server.imap_capability}\n" if server.imap_capability else COMPRESS
    if server.rawlog:
        imap += f"rawlog_dir = {folder}/rawlog/%u\n"
    return f"""\
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = {folder.name}
log_path = {folder}/dovecot.log
protocols = imap pop3
listen = 127.0.0.1
{_identity()}
default_vsz_limit = 1G
first_valid_uid = 1
first_valid_gid = 1
disable_plaintext_auth = no
auth_failure_delay = 0 secs
auth_mechanisms = plain login
ssl = yes
ssl_cert = <{certificate.chain}
ssl_key = <{certificate.key}
mail_location = maildir:~/mail
mail_fsync = never
mailbox_list_index = yes
mail_max_userip_connections = 50
shutdown_clients = yes
passdb {{
 driver = static
 args = password={PASSWORD}
}}
userdb {{
 driver = static
 args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
 inbox = yes
 separator = /
{special}}}
protocol imap {{
{imap}}}
service imap-login {{
 chroot =
 process_min_avail = 1
 service_count = 0
{_listener("imap", server.imap_port)}{_listener("imaps", server.imaps_port)}}}
service pop3-login {{
 chroot =
 service_count = 0
{_listener("pop3", server.pop3_port)}{_listener("pop3s", server.pop3s_port)}}}
service anvil {{
 chroot =
 unix_listener anvil-auth-penalty {{
 mode = 0
 }}
}}
service stats {{
 chroot =
}}
service imap {{
 process_limit = 200
}}
{server.extra}
"""
