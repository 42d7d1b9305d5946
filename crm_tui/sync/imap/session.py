"""What this program says to an IMAP server, command by command, after login."""

import base64
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator

from crm_tui.domain.errors import BadConfig, LoginRefused, NetworkTrouble
from crm_tui.sync.credentials import Login
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.authenticate import authenticate
from crm_tui.sync.imap.conversation import ServerRefused, text
from crm_tui.sync.imap.mailboxes import Mailboxes
from crm_tui.sync.imap.responses import Selected, as_int, fetched, read_select

_CAPABILITY = re.compile(rb"\[CAPABILITY ([^\]]*)\]", re.IGNORECASE)
_IDLE_NEWS = re.compile(rb" (EXISTS|EXPUNGE|FETCH|VANISHED)\b", re.IGNORECASE)
_IDLE_SLICE = 1.0


class Session(Mailboxes):
    """A conversation with one server from login to logout."""

    def login(self, user: str, password: str, *, bearer: bool = False) -> None:
        """Log in; raises LoginRefused when the server says no. ``bearer``: the password is an access token.

        The password goes quoted in LOGIN, or in AUTHENTICATE PLAIN (RFC 4616) where it is not ASCII or there is no
        LOGIN. Raises BadConfig (``login_disabled``) for a server that takes neither (RFC 3501 section 6.2.3).
        """
        if self.server.security != "none" and not isinstance(self._wire.sock, ssl.SSLSocket):
            raise NetworkTrouble("tls_required", host=self.server.host)
        before = self.capabilities
        try:
            if bearer:
                answer = authenticate(self, Login(user, password, bearer=True))
            else:
                answer = self.command(_login_line(user, password, plain=self._without_login()))
        except ServerRefused as error:
            raise LoginRefused(
                "login_refused", user=user, host=self.server.host, answer=error.facts["answer"]
            ) from None
        told = [line for parts in answer for line in parts[:1] if line.upper().startswith(b"* CAPABILITY ")]
        if told:
            self._learn_capabilities(told[-1][13:])
        elif match := _CAPABILITY.search(self._tagged):
            self._learn_capabilities(match.group(1))
        elif self.capabilities == before:
            for parts in self.command(b"CAPABILITY"):
                if parts[0].upper().startswith(b"* CAPABILITY "):
                    self._learn_capabilities(parts[0][13:])

    def _without_login(self) -> bool:
        """Whether the server takes no LOGIN, but a password all the same."""
        if not self.has("LOGINDISABLED"):
            return False
        if not (self.has("AUTH=PLAIN") and self.has("SASL-IR")):
            raise BadConfig("login_disabled", host=self.server.host)
        return True

    def compress(self) -> None:
        """Have both sides compress (RFC 4978) where the server can and is far: worth it before much is fetched."""
        if self.has("COMPRESS=DEFLATE") and not self._compressed and not self._wire.is_near():
            self._compressed = True
            try:
                self.command(b"COMPRESS DEFLATE")
            except ServerRefused:  # for instance because TLS does it already
                return
            self._wire.deflate()

    def select(
        self, raw_name: bytes, *, since: tuple[int, int] | None = None, write: bool = True
    ) -> Selected:
        """Open a folder; ``since`` is (UIDVALIDITY, MODSEQ) last known, used with QRESYNC only."""
        line = self.select_line(raw_name, since=since, write=write)
        self.selected = None
        answer = self.command(line, expected=1 << 22)
        self.selected = raw_name
        selected = read_select(answer, self._tagged)
        selected.resynced = b" (QRESYNC (" in line
        return selected

    def select_line(
        self, raw_name: bytes, *, since: tuple[int, int] | None = None, write: bool = True
    ) -> bytes:
        """The command that ``select`` gives."""
        option = b""
        if since and since[1] and self.resyncs:
            option = b" (QRESYNC (%d %d))" % since
        elif self.condstore and not self.enabled_qresync:
            option = b" (CONDSTORE)"
        return (b"SELECT " if write else b"EXAMINE ") + tokens.quoted(raw_name) + option

    @property
    def resyncs(self) -> bool:
        """Whether opening a folder tells what changed in it."""
        return self.enabled_qresync and not self.qresync_broken

    def fetch(
        self, uids: bytes, items: bytes, *, changed_since: int = 0, expected: int = 1 << 22
    ) -> Iterator[dict[bytes, object]]:
        """UID FETCH, in pieces that fit a command line; each answer as {ITEM: value}, UID always a number.

        ``items`` must use BODY.PEEK: reading must not mark a letter as read on the server.
        """
        since = b" (CHANGEDSINCE %d)" % changed_since if changed_since else b""
        lines = [b"UID FETCH %s %s%s" % (piece, items, since) for piece in tokens.split_set(uids)]
        for tag in self._sent_ahead(lines):
            for parts in self.responses(tag, expected):
                found = fetched(parts)
                if found is not None:
                    yield found

    def fetch_batches(
        self, batches: list[tuple[bytes, int]], items: bytes, depth: int = 2
    ) -> Iterator[dict[bytes, object]]:
        """Fetch batches of (UIDs, bytes expected), ``depth`` of them asked for at a time; answers as they come.

        A server may answer two commands interleaved: match the answers by UID, never by batch.
        """
        lines = [self.fetch_line(uids, items) for uids, _ in batches]
        for index, tag in enumerate(self._sent_ahead(lines, depth)):
            expected = sum(size for _, size in batches[index : index + depth])
            for parts in self.responses(tag, expected):
                found = fetched(parts)
                if found is not None:
                    yield found

    def fetch_line(self, uids: bytes, items: bytes) -> bytes:
        """The command that ``fetch_batches`` gives for a batch."""
        return b"UID FETCH %s %s" % (uids, items)

    def all_uids(self, span: bytes = b"1:*") -> set[int]:
        """The UIDs of the open folder in a span, compressed by ESEARCH (RFC 4731) where the server has it."""
        if self.has("ESEARCH"):
            keys = b"ALL" if span == b"1:*" else b"UID " + tokens.check(span)
            for parts in self.command(b"UID SEARCH RETURN (ALL) " + keys):
                if parts[0].startswith(b"* ESEARCH"):
                    match = re.search(rb" ALL ([\d:,]+)", parts[0])
                    return set(tokens.expand(match.group(1))) if match else set()
        return {as_int(found[b"UID"]) for found in self.fetch(span, b"(UID)", expected=1 << 23)}

    def store(self, uids: bytes, sign: bytes, flags: list[bytes]) -> None:
        """Add (``+``) or remove (``-``) flags, silently."""
        for piece in tokens.split_set(uids):
            self.command(
                b"UID STORE %s %sFLAGS.SILENT (%s)"
                % (tokens.check(piece), sign, tokens.check(b" ".join(flags)))
            )

    def move(self, uids: bytes, raw_name: bytes) -> tuple[dict[int, int], int]:
        """UID MOVE (RFC 6851); ({old UID: new UID}, UIDVALIDITY there), or empty if not told."""
        return self._copyuid(b"UID MOVE %s %s" % (tokens.check(uids), tokens.quoted(raw_name)))

    def copy(self, uids: bytes, raw_name: bytes) -> tuple[dict[int, int], int]:
        """UID COPY; the answer as of ``move``."""
        return self._copyuid(b"UID COPY %s %s" % (tokens.check(uids), tokens.quoted(raw_name)))

    def append(self, raw_name: bytes, letter: bytes, flags: list[bytes]) -> tuple[int, int] | None:
        """Put a letter into a folder; (UIDVALIDITY, UID) where the server tells it (UIDPLUS)."""
        plus = self.has("LITERAL+") or (self.has("LITERAL-") and len(letter) <= 4096)
        head = b"APPEND %s (%s) {%d%s}" % (
            tokens.quoted(raw_name),
            b" ".join(flags),
            len(letter),
            b"+" if plus else b"",
        )
        tag = self.send(head)
        if not plus:
            line = self._line()
            while not line.startswith(b"+"):
                if line.startswith(tag) and self._ends(line, tag):
                    raise ServerRefused("server_refused", answer=text(line))
                line = self._line()
        self._write(letter + b"\r\n")
        answer = list(self.responses(tag, len(letter)))
        match = self._response_code(answer, rb"APPENDUID (\d+) (\d+)")
        return (int(match.group(1)), int(match.group(2))) if match else None

    def expunge(self, uids: bytes) -> bool:
        """Remove letters for good; False when that would remove somebody else's deleted ones too.

        Without UIDPLUS a plain EXPUNGE is sent only if every deleted letter of the folder is ours.
        """
        pieces = tokens.split_set(uids)
        self.store(uids, b"+", [b"\\Deleted"])
        if self.has("UIDPLUS"):
            for piece in pieces:
                self.command(b"UID EXPUNGE " + tokens.check(piece))
            return True
        deleted: set[int] = set()
        for parts in self.command(b"UID SEARCH DELETED"):
            if parts[0].startswith(b"* SEARCH"):
                deleted.update(tokens.number(word) for word in parts[0].split()[2:])
        if not deleted <= set(tokens.expand(uids)):
            return False
        self.command(b"EXPUNGE")
        return True

    def find_message_id(self, message_id: str) -> set[int]:
        """UIDs in the open folder of letters with this Message-ID."""
        return self.search(b"HEADER Message-ID", message_id)

    def search(self, keys: bytes, value: str) -> set[int]:
        """UIDs in the open folder of letters that have this, by a search key that takes a string."""
        found: set[int] = set()
        for parts in self.command(b"UID SEARCH %s %s" % (keys, tokens.quoted(value))):
            if parts[0].startswith(b"* SEARCH"):
                found.update(tokens.number(word) for word in parts[0].split()[2:])
        return found

    def idle(self, seconds: float, stop: threading.Event, begun: Callable[[], None]) -> bool:
        """Wait in IDLE (RFC 2177) until something happened in the open folder; False after ``seconds``. ``begun`` is
        called when the server tells what happens from now on."""
        tag = self.send(b"IDLE")
        news = False
        while not (line := self._line()).startswith(b"+"):
            news = news or _is_news(line)
        begun()
        watch = ClockWatch()
        end = time.monotonic() + seconds
        while not (news or stop.is_set() or watch.jumped()) and (left := end - time.monotonic()) > 0:
            if self._has_line(min(left, _IDLE_SLICE)):
                self._wire.allow(0)
                news = _is_news(self._line())
        self._wire.allow(0)
        self._write(b"DONE\r\n")
        last = [_is_news(parts[0]) for parts in self.responses(tag)]  # told while we gave up waiting
        return news or any(last)

    def _copyuid(self, line: bytes) -> tuple[dict[int, int], int]:
        match = self._response_code(self.command(line), rb"COPYUID (\d+) (\S+) (\S+)")
        if match is None:
            return {}, 0
        old, new = tokens.expand(match.group(2)), tokens.expand(match.group(3))
        return dict(zip(old, new, strict=False)), int(match.group(1))

    def _response_code(self, answer: list[list[bytes]], pattern: bytes) -> re.Match[bytes] | None:
        """A response code, tagged or untagged (COPYUID of a MOVE comes untagged from some servers)."""
        if not self.has("UIDPLUS"):
            return None
        for line in [parts[0] for parts in answer] + [self._tagged]:
            if match := re.search(rb"\[" + pattern + rb"\]", line, re.IGNORECASE):
                return match
        return None


class ClockWatch:
    """Notices that the wall clock and the machine's own clock went apart: sleep, or a clock set anew."""

    def __init__(self) -> None:
        self._apart = time.time() - time.monotonic()

    def jumped(self, seconds: float = 5.0) -> bool:
        """Whether the two clocks differ by more than ``seconds`` from what they did at the start."""
        return abs(time.time() - time.monotonic() - self._apart) > seconds


def _is_news(line: bytes) -> bool:
    return _IDLE_NEWS.search(line) is not None


def _login_line(user: str, password: str, *, plain: bool) -> bytes:
    for value in (user, password):
        tokens.check(value.encode())
    if user.isascii() and password.isascii() and not plain:
        return b"LOGIN %s %s" % (tokens.quoted(user), tokens.quoted(password))
    secret = base64.b64encode(b"\0%s\0%s" % (user.encode(), password.encode()))
    return b"AUTHENTICATE PLAIN " + secret
