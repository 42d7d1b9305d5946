"""Bodies fetched when a letter is opened: of folders kept as headers, and beyond the limits of size and age."""

import threading
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from crm_tui.domain.errors import CrmError, NetworkTrouble, NotFound, Refused
from crm_tui.parsing.pool import ParserPool
from crm_tui.store import records
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.sync import plan
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import body_of
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.engine import log_in
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.session import Session
from crm_tui.sync.passing import ACCOUNT, FOLDER, LETTER, PLACEMENT

CLOSE_SECONDS = 1.0


@dataclass
class BodiesOnDemand:
    """Fetches one body at a time, over a session an account that is kept for the next one."""

    store: Store
    credentials: Credentials
    _sessions: dict[int, Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def fetch(self, letter_id: int) -> None:
        """Bring the body of a letter from a server that has it; at once when it is here already, or was erased.

        Blocks: call it in a thread. Raises NotFound (``body_not_there``), Refused (``letter_too_big``),
        NetworkTrouble and LoginRefused.
        """
        with self._lock:
            trouble: CrmError | None = None
            for place in self._places(letter_id):
                if place.body_state in ("full", "erased"):
                    return
                if place.size > plan.LARGEST_LETTER:
                    raise Refused("letter_too_big", size=place.size)
                try:
                    raw = self._fetched(place)
                except ServerRefused as refused:
                    trouble = refused
                    continue
                if raw is not None:
                    with ParserPool() as pool:
                        body = body_of(raw, pool.parse)
                    with self.store.arrivals("body") as work:
                        keep_body(work, letter_id, body)
                    return
            raise trouble or NotFound("body_not_there", letter=letter_id)

    def close(self) -> None:
        """End the sessions, from any thread; a fetch that waits fails at once, and one that connects is not waited
        for."""
        self._closed = True
        for session in list(self._sessions.values()):
            session.stop()
        if self._lock.acquire(timeout=CLOSE_SECONDS):
            try:
                for account_id in list(self._sessions):
                    self._drop(account_id)
            finally:
                self._lock.release()

    def _places(self, letter_id: int) -> list[Row[Any]]:
        query = (
            select(
                PLACEMENT.c.srv_uid, FOLDER.c.srv_name, FOLDER.c.uidvalidity, FOLDER.c.account_id, LETTER.c.size,
                LETTER.c.body_state,
            )
            .join(FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id)
            .join(ACCOUNT, ACCOUNT.c.id == FOLDER.c.account_id)
            .join(LETTER, LETTER.c.id == PLACEMENT.c.letter_id)
            .where(PLACEMENT.c.letter_id == letter_id, PLACEMENT.c.srv_uid.is_not(None), ACCOUNT.c.enabled)
            .order_by(PLACEMENT.c.id)
        )  # fmt: skip
        with self.store.read() as connection:
            return list(connection.execute(query))

    def _fetched(self, place: Row[Any]) -> bytes | None:
        """The letter's bytes; a session that was kept may have been ended by the server, so it is tried anew once."""
        account_id = place.account_id
        was_kept = account_id in self._sessions
        try:
            return _ask(self._session(account_id), place)
        except ServerRefused:
            raise
        except NetworkTrouble:
            self._drop(account_id)
            if not was_kept or self._closed:
                raise
        return _ask(self._session(account_id), place)

    def _session(self, account_id: int) -> Session:
        if self._closed:
            raise NetworkTrouble("stopped")
        if account_id not in self._sessions:
            with self.store.read() as connection:
                row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id)).one()
            session = log_in(records.load(MailAccount, dict(row._mapping)), self.credentials)
            if self._closed:
                session.stop()
                session.close()
                raise NetworkTrouble("stopped")
            self._sessions[account_id] = session
        return self._sessions[account_id]

    def _drop(self, account_id: int) -> None:
        session = self._sessions.pop(account_id, None)
        if session is not None:
            session.close()


def _ask(session: Session, place: Row[Any]) -> bytes | None:
    selected = session.select(tokens.mailbox(place.srv_name), write=False)
    if selected.uidvalidity != place.uidvalidity:
        return None
    for each in session.fetch(b"%d" % place.srv_uid, b"(UID BODY.PEEK[])", expected=place.size):
        body = each.get(b"BODY")
        if each[b"UID"] == place.srv_uid and isinstance(body, bytes):
            return body
    return None
