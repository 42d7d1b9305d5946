"""A throw-away Cyrus IMAP 3.6 on a port of loopback, as tests take a Dovecot: the other way to read the RFCs.

Debian's packages of Cyrus and Dovecot exclude each other, so Cyrus is unpacked beside the environment
(``bootstrap.py`` does that before the tests) and run from there: no service, no user, no file in ``/etc``.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from itertools import count
from pathlib import Path
from types import TracebackType

from tests.servers.dovecot import PASSWORD, SPECIAL_FOLDERS, end_with_parent, free_ports, mail_owner

ROOT = Path(__file__).resolve().parents[2] / ".venv" / "cyrus"
PROGRAMS = ROOT / "usr/lib/cyrus/bin"
LIBRARIES = (ROOT / "usr/lib/x86_64-linux-gnu", ROOT / "lib/x86_64-linux-gnu")

_numbers = count(1)
_wait = threading.Event()


class Cyrus:
    """A server between ``start`` and ``stop``, or within a ``with`` block; any user logs in with ``password``.

    ``suppress`` names capabilities that it does not tell of (it still executes what they stand for).
    """

    host = "localhost"
    password = PASSWORD

    def __init__(self, *, suppress: str = "") -> None:
        self.suppress = suppress
        self.folder = Path(tempfile.mkdtemp(prefix="cyrus-", dir="/tmp"))
        self.folder.chmod(0o755)
        (self.imap_port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._passwords: _Passwords | None = None

    @staticmethod
    def available() -> bool:
        """Whether Cyrus is unpacked here and all that it is linked to is on this machine."""
        if not os.access(PROGRAMS / "imapd", os.X_OK):
            return False
        if not all(folder.stat().st_mode & 0o001 for folder in ROOT.parents):
            return False  # it runs as another user, who cannot come to a checkout in a private home
        told = subprocess.run(
            ["ldd", str(PROGRAMS / "imapd")], env=_environment(), capture_output=True, text=True, check=False
        )
        return told.returncode == 0 and "not found" not in told.stdout

    def __enter__(self) -> "Cyrus":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start and return when the server greets."""
        for name in ("lib", "lib/socket", "lib/proc", "lib/lock", "spool", "sasl"):
            (self.folder / name).mkdir(exist_ok=True)
            os.chown(self.folder / name, *mail_owner())
        (self.folder / "imapd.conf").write_text(_configuration(self))
        (self.folder / "cyrus.conf").write_text(_services(self))
        self._passwords = _Passwords(self.folder / "sasl" / "mux")
        with (self.folder / "master.log").open("ab") as output:
            self._process = subprocess.Popen(
                [
                    str(PROGRAMS / "master"), "-D", "-C", str(self.folder / "imapd.conf"),
                    "-M", str(self.folder / "cyrus.conf"), "-p", str(self.folder / "master.pid"),
                ],
                env=_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                preexec_fn=end_with_parent, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._greets():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Cyrus did not start: {(self.folder / 'master.log').read_text()[-2000:]}")
            _wait.wait(0.05)

    def stop(self) -> None:
        """End the server and its sessions."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            with contextlib.suppress(ProcessLookupError):  # its sessions would outlive it
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self._passwords is not None:
            self._passwords.close()
            self._passwords = None

    def account(self, name: str = "user") -> str:
        """A user name that nobody had before; INBOX and the special folders are made at the first login."""
        return f"{name}{next(_numbers)}"

    def _greets(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.imap_port), 1) as link:
            link.settimeout(5)
            return link.recv(400).startswith(b"* OK")
        return False


class _Passwords:
    """What Cyrus asks for passwords, in place of saslauthd: four counted strings in, one out."""

    def __init__(self, path: Path) -> None:
        class Answer(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                asked = []
                for _ in range(4):  # user, password, service, realm
                    size = int.from_bytes(self.rfile.read(2), "big")
                    asked.append(self.rfile.read(size).decode())
                told = b"OK" if asked[1] == PASSWORD else b"NO"
                self.wfile.write(len(told).to_bytes(2, "big") + told)

        self._server = socketserver.ThreadingUnixStreamServer(str(path), Answer)
        path.chmod(0o666)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _environment() -> dict[str, str]:
    uid, _ = mail_owner()
    return {
        "PATH": os.environ.get("PATH", "/usr/bin"),
        "CYRUS_USER": pwd.getpwuid(uid).pw_name,
        "LD_LIBRARY_PATH": ":".join(map(str, LIBRARIES)),
    }


def _services(server: Cyrus) -> str:
    return f"""\
START {{
  recover cmd="{PROGRAMS}/ctl_cyrusdb -C {server.folder}/imapd.conf -r"
}}
SERVICES {{
  imap cmd="{PROGRAMS}/imapd -C {server.folder}/imapd.conf -U 200" listen="127.0.0.1:{server.imap_port}" prefork=1
}}
EVENTS {{
}}
"""


def _configuration(server: Cyrus) -> str:
    folder = server.folder
    names = " | ".join(SPECIAL_FOLDERS)
    special = "".join(f"xlist-{use[1:].lower()}: {name}\n" for name, use in SPECIAL_FOLDERS.items())
    suppressed = f"suppress_capabilities: {server.suppress}\n" if server.suppress else ""
    return f"""\
servername: localhost
configdirectory: {folder}/lib
proc_path: {folder}/lib/proc
mboxname_lockpath: {folder}/lib/lock
defaultpartition: default
partition-default: {folder}/spool
altnamespace: yes
unixhierarchysep: yes
allowplaintext: yes
autocreate_quota: 0
autocreate_inbox_folders: {names}
autocreate_subscribe_folders: {names}
{special}{suppressed}sasl_pwcheck_method: saslauthd
sasl_mech_list: PLAIN LOGIN
sasl_saslauthd_path: {folder}/sasl/mux
conversations: no
maxlogins_per_host: 0
timeout: 60
syslog_prefix: crm-tests
"""
