"""The demo's letters into both places at once: the mail server's mailboxes, and the store as a sync leaves it.

A pass of the real sync that follows finds nothing to do; a million letters come in minutes, not hours.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import insert, update

from crm_tui.demo.server import structure
from crm_tui.demo.server.records import Letter as ServerLetter
from crm_tui.demo.server.records import Mailbox
from crm_tui.demo.server.storage import Storage
from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.text import clean
from crm_tui.parsing.letter import parse
from crm_tui.services.letter import threads
from crm_tui.store.engine import Store
from crm_tui.store.tables import (
    Attachment,
    Folder,
    Letter,
    LetterRaw,
    LetterText,
    MailAccount,
    Placement,
    table_of,
)
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.content import HEADER_FIELDS, Body, body_of, letter_row, sort_keys

BATCH = 1000
_FIELDS = f"HEADER.FIELDS ({HEADER_FIELDS.decode('ascii')})"
_LETTER, _RAW, _TEXT = table_of(Letter), table_of(LetterRaw), table_of(LetterText)
_ATTACHMENT, _PLACEMENT, _FOLDER = table_of(Attachment), table_of(Placement), table_of(Folder)

Batch: TypeAlias = list[tuple[str, ServerLetter]]
Parsed: TypeAlias = tuple[dict[str, Any], Body]
Report = Callable[[int], None]
"""Told how many letters are in."""


def load(
    store: Store,
    storage: Storage,
    accounts: dict[str, MailAccount],
    letters: Iterable[tuple[str, ServerLetter]],
    report: Report = lambda done: None,
    workers: int = 0,
) -> int:
    """Put letters of users (name → account) into the server's storage and the store; how many.

    With ``workers`` they are parsed in so many processes beside this one.
    """
    loader = _Loader(store, storage, accounts)
    done = 0
    for batch, parsed in in_order(_batches(letters), workers):
        loader.take(batch, parsed)
        done += len(batch)
        report(done)
    loader.finish()
    return done


def in_order(batches: Iterable[Batch], workers: int) -> Iterator[tuple[Batch, list[Parsed]]]:
    """Each batch with its letters parsed: here, or a few batches ahead by so many processes."""
    if not workers:
        yield from ((batch, _parse(batch)) for batch in batches)
        return
    ahead: deque[tuple[Batch, Future[list[Parsed]]]] = deque()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for batch in batches:
            ahead.append((batch, pool.submit(_parse, batch)))
            if len(ahead) > workers:
                first, future = ahead.popleft()
                yield first, future.result()
        yield from ((batch, future.result()) for batch, future in ahead)


def _batches(letters: Iterable[tuple[str, ServerLetter]]) -> Iterator[Batch]:
    waiting = iter(letters)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _parse(batch: Batch) -> list[Parsed]:
    """The columns of each letter, and its body."""
    found = []
    for _user, (_name, raw, _flags, when) in batch:
        body = body_of(raw, parse)
        block = structure.section(raw, _FIELDS) or b""
        row = {**letter_row(block, len(raw), _instant(when)), **_body_columns(body)}
        found.append((row, body))
    return found


class _Loader:
    def __init__(self, store: Store, storage: Storage, accounts: dict[str, MailAccount]) -> None:
        self.store, self.storage, self.accounts = store, storage, accounts
        self.folders: dict[tuple[str, str], int] = {}

    def take(self, batch: Batch, parsed: list[Parsed]) -> None:
        """One transaction on either side."""
        uidvalidity = int(self.store.clock().timestamp())
        with self.store.arrivals("demo.letters") as work:
            for user in self.accounts:
                places = [place for place, (owner, _letter) in enumerate(batch) if owner == user]
                mine = [batch[place][1] for place in places]
                if mine:
                    uids = self.storage.load(user, mine, uidvalidity)
                    self._keep(work, user, mine, uids, [parsed[place] for place in places])

    def _keep(
        self, work: Work, user: str, mine: list[ServerLetter], uids: list[int], parsed: list[Parsed]
    ) -> None:
        self._find_folders(work, user)
        rows, bodies = [row for row, _body in parsed], [body for _row, body in parsed]
        threads.join(work, rows)
        query = insert(_LETTER).returning(_LETTER.c.id, sort_by_parameter_order=True)
        ids = list(work.connection.scalars(query, rows))
        work.connection.execute(
            insert(_RAW), [{"letter_id": key, "raw": body.raw} for key, body in zip(ids, bodies, strict=True)]
        )
        work.connection.execute(
            insert(_TEXT),
            [{"letter_id": key, "text": body.text.decode()} for key, body in zip(ids, bodies, strict=True)],
        )
        attached = [
            {"letter_id": key, **item}
            for key, body in zip(ids, bodies, strict=True)
            for item in body.attachments
        ]
        if attached:
            work.connection.execute(insert(_ATTACHMENT), attached)
        places = [
            _place(key, self.folders[user, letter[0]], row, uid, letter)
            for key, row, uid, letter in zip(ids, rows, uids, mine, strict=True)
        ]
        placed = work.connection.scalars(insert(_PLACEMENT).returning(_PLACEMENT.c.id), places)
        work.touch(Placement, list(placed))
        work.touch(Letter, ids)

    def _find_folders(self, work: Work, user: str) -> None:
        boxes = [box for box in self.storage.mailboxes(user) if (user, box.name) not in self.folders]
        roles = plan.roles(
            [(_shown(box), [box.special.lower()] if box.special else [], "/") for box in boxes]
        )
        for box, role in zip(boxes, roles, strict=True):
            folder = work.add(
                Folder(
                    account_id=self.accounts[user].key,
                    name=clean(_shown(box)),
                    srv_name=_shown(box),
                    role=role,
                    uidvalidity=box.uidvalidity,
                )
            )
            self.folders[user, box.name] = folder.key

    def finish(self) -> None:
        """Note what a sync would have noted last: how far each folder is known."""
        with self.store.arrivals("demo.folders") as work:
            for user, account in self.accounts.items():
                self._find_folders(work, user)
                for box in self.storage.mailboxes(user):
                    key = self.folders[user, box.name]
                    known = {"uidnext": box.uidnext, "modseq": box.modseq}
                    known["srv_count"] = self.storage.counts(box.id)[0]
                    work.connection.execute(update(_FOLDER).where(_FOLDER.c.id == key).values(known))
                    work.touch(Folder, [key])
                work.change(account, pass_no=1, last_complete_pass=1, last_success_at=work.now)


def _shown(box: Mailbox) -> str:
    from imapclient import imap_utf7

    return str(imap_utf7.decode(box.name.encode("ascii")))


def _instant(when: int) -> datetime:
    return datetime.fromtimestamp(when, UTC)


def _body_columns(body: Body) -> dict[str, Any]:
    return {
        "body_state": "full",
        "snippet": body.snippet,
        "kind": body.kind,
        "has_attachments": body.has_attachments,
    }


def _place(
    letter_id: int, folder_id: int, row: dict[str, Any], uid: int, letter: ServerLetter
) -> dict[str, Any]:
    _name, _raw, flags, when = letter
    mask = plan.bits(flag.encode("ascii") for flag in flags)
    return {
        "version": 1,
        "letter_id": letter_id,
        "folder_id": folder_id,
        "flags": mask,
        "unread": not mask & Flag.SEEN,
        "keywords": [],
        "deleted": False,
        **sort_keys(row),
        "srv_folder_id": folder_id,
        "srv_uid": uid,
        "srv_flags": mask,
        "srv_keywords": [],
        "modseq": 0,
        "internaldate": _instant(when),
        "flags_inflight": 0,
        "limbo": 0,
        "born": 1,
        "tries": 0,
        "error": "",
    }
