"""To the server: flags, deletes, moves and appends that are desired there and not yet so (sync.md §4.3 step 7).

A command that may not be repeated is announced in the store before it is sent (``intent``); what becomes of it
is learned from its answer, or from the next pull when the answer was lost.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any

from sqlalchemy import Integer, Row, func, select, type_coerce, update

from crm_tui.store.engine import Store
from crm_tui.store.tables import Placement
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.arrive import bury
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import as_int
from crm_tui.sync.keywords import push_keywords
from crm_tui.sync.passing import FOLDER, PLACEMENT, TOMB, Listed, Pass
from crm_tui.sync.pull import keep_out

_BATCH = 500
_BARE: Any = Integer()


def push(run: Pass, listed: Listed) -> None:
    """Bring the server to what is desired, folder by folder; a folder that refuses does not stop the others."""
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in run.rows(_pending(run.account_id)):
        if row.intent is None:  # else it may be in two places, and we were kept out of one
            rows[row.srv_folder_id].append(row)
    folders = {row.id: row for row in run.rows(select(FOLDER).where(FOLDER.c.account_id == run.account_id))}
    tombs = {row.folder_id for row in run.rows(select(TOMB.c.folder_id)) if row.folder_id in folders}
    for folder_id in sorted(rows.keys() | tombs):
        if folder_id not in listed or folder_id in run.shut:
            continue
        run.tell("changes", folders[folder_id].name)
        try:
            selected = run.open(folder_id)
        except ServerRefused as refused:
            keep_out(run, folder_id, refused)
            continue
        if selected.uidvalidity != folders[folder_id].uidvalidity or selected.read_only:
            continue  # the next pass learns the new numbers first
        there = _still_there(run, rows[folder_id])
        source = _Source(run, folders[folder_id], there, folders, listed)
        keywords = partial(push_keywords, run, selected, there)
        for step in (source.flags, keywords, source.deletes, source.moves):
            try:
                step()
            except ServerRefused as refused:
                _note_refusal(run, rows[folder_id], str(refused.facts["answer"]))


def _pending(account_id: int) -> Any:
    return (
        select(PLACEMENT)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id)
        .where(
            func.coalesce(PLACEMENT.c.srv_uid, 0) > 0,  # not the index of UIDs: it holds every letter
            FOLDER.c.account_id == account_id,
            # Word for word what ``ix_placement_pending`` says, or SQLite reads every letter.
            type_coerce(PLACEMENT.c.deleted, _BARE)
            .bool_op("OR")(PLACEMENT.c.folder_id != PLACEMENT.c.srv_folder_id)
            .bool_op("OR")(PLACEMENT.c.flags != PLACEMENT.c.srv_flags)
            .bool_op("OR")(PLACEMENT.c.keywords != PLACEMENT.c.srv_keywords),
        )
    )


def _still_there(run: Pass, rows: list[Row[Any]]) -> list[Row[Any]]:
    """The rows whose UIDs the open folder still has.

    A command for a letter that was moved away since the pull does nothing and succeeds: the change would be lost.
    """
    if not rows:
        return []
    uids = tokens.compact(row.srv_uid for row in rows)
    present = {as_int(each[b"UID"]) for each in run.session.fetch(uids, b"(UID)")}
    return [row for row in rows if row.srv_uid in present]


class _Source:
    """What is to be done in one open folder."""

    def __init__(
        self, run: Pass, folder: Row[Any], rows: list[Row[Any]], folders: dict[int, Row[Any]], listed: Listed
    ) -> None:
        self.run = run
        self.folder = folder
        self.rows = rows
        self.folders = folders
        self.listed = listed

    def flags(self) -> None:
        """STORE, in as few commands as there are kinds of change. Idempotent, but its echo must be known."""
        uids = {row.id: row.srv_uid for row in self.rows}
        wanted = [(row.id, row.flags, row.srv_flags) for row in self.rows if not row.deleted]
        for (sign, mask), ids in plan.flag_changes(wanted).items():
            with self.run.facts("flags_begin") as work:
                update_places(work, ids, flags_inflight=PLACEMENT.c.flags_inflight.op("|")(mask))
            self.run.session.store(tokens.compact(uids[i] for i in ids), sign, plan.flag_names(mask))
            known = PLACEMENT.c.srv_flags
            with self.run.facts("flags_done") as work:
                update_places(
                    work, ids,
                    error="", srv_flags=known.op("|")(mask) if sign == b"+" else known.op("&")(~mask),
                    flags_inflight=PLACEMENT.c.flags_inflight.op("&")(~mask),
                )  # fmt: skip
            self.run.counts.pushed += len(ids)

    def deletes(self) -> None:
        """Expunge what is to be gone, and the sources of copies that stand for moves. Idempotent by UID."""
        gone = _unwanted(self.run, [row.id for row in self.rows if row.deleted])
        tombs = self.run.rows(
            select(TOMB.c.uid).where(
                TOMB.c.folder_id == self.folder.id, TOMB.c.uidvalidity == self.folder.uidvalidity
            )
        )
        uids = {row.srv_uid for row in self.rows if row.id in gone} | {row.uid for row in tombs}
        if not uids or not self.run.session.expunge(tokens.compact(uids)):
            return
        with self.run.facts("deleted") as work:
            work.connection.execute(TOMB.delete().where(TOMB.c.folder_id == self.folder.id))
            back = gone - _unwanted(work, gone)
            # Wanted again while the server deleted them: they are uploaded anew.
            update_places(work, list(back), srv_folder_id=None, srv_uid=None)
            remove_places(work, list(gone - back))
        self.run.counts.pushed += len(gone)

    def moves(self) -> None:
        """UID MOVE, or COPY and later expunge, to each folder that letters are wanted in."""
        by_target: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in self.rows:
            moving = not row.deleted and row.folder_id != self.folder.id
            if moving and row.folder_id in self.listed and row.folder_id not in self.run.shut:
                by_target[row.folder_id].append(row)
        for target_id, rows in by_target.items():
            target = self.folders[target_id]
            with self.run.facts("move_begin") as work:
                update_places(
                    work, [row.id for row in rows], intent="move", intent_folder_id=target_id,
                    intent_uidnext=target.uidnext, intent_uidvalidity=target.uidvalidity or 0,
                )  # fmt: skip
            by_uid = {row.srv_uid: row for row in rows}
            for piece in tokens.split_set(tokens.compact(by_uid)):
                self._move(piece, by_uid, target)

    def _move(self, piece: bytes, by_uid: dict[int, Row[Any]], target: Row[Any]) -> None:
        session, name = self.run.session, self.run.wire_name(target.id)
        really = session.has("MOVE")
        places, uidvalidity = session.move(piece, name) if really else session.copy(piece, name)
        if not places or uidvalidity != target.uidvalidity:
            return  # the intent stands: the next pull recognises the letters at their new place
        with self.run.facts("move_done") as work:
            if not really:
                bury(work, self.folder.id, list(places))
            for old, new in places.items():
                if old in by_uid:
                    update_places(work, [by_uid[old].id], srv_folder_id=target.id, srv_uid=new, intent=None,
                            intent_folder_id=None, error="")  # fmt: skip
        self.run.counts.pushed += len(places)
        if not really and session.expunge(tokens.compact(places)):
            with self.run.facts("move_done") as work:
                work.connection.execute(
                    TOMB.delete().where(TOMB.c.folder_id == self.folder.id, TOMB.c.uid.in_(list(places)))
                )


def _unwanted(source: Pass | Work, ids: Iterable[int]) -> set[int]:
    """Those of the placements that are to be deleted still: a person may have taken it back since."""
    wanted = list(ids)
    found: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        query = select(PLACEMENT.c.id).where(
            PLACEMENT.c.id.in_(wanted[start : start + _BATCH]), PLACEMENT.c.deleted
        )
        rows = source.rows(query) if isinstance(source, Pass) else source.connection.execute(query)
        found.update(row.id for row in rows)
    return found


def unresolved(run: Pass) -> bool:
    """Whether something was sent whose outcome only another pull can tell (a server without UIDPLUS)."""
    folders = select(FOLDER.c.id).where(FOLDER.c.account_id == run.account_id)
    intents = select(PLACEMENT.c.id).where(
        PLACEMENT.c.intent.is_not(None),
        PLACEMENT.c.folder_id.in_(folders),
        PLACEMENT.c.intent_folder_id.not_in(run.shut),
    )
    tombs = select(TOMB.c.id).where(TOMB.c.folder_id.in_(folders), TOMB.c.folder_id.not_in(run.shut))
    return bool(run.rows(intents.limit(1)) or run.rows(tombs.limit(1)))


def to_send(store: Store, account_id: int) -> frozenset[tuple[int, object]]:
    """What waits to be sent to the account's server: (placement id, what is desired); of a folder its id below zero.

    Not its version: a refusal that a pass notes is no new wish, and no reason for another pass.
    """
    mine = select(FOLDER.c.id).where(FOLDER.c.account_id == account_id)
    fresh = select(PLACEMENT).where(
        PLACEMENT.c.srv_uid.is_(None), PLACEMENT.c.limbo == 0, PLACEMENT.c.folder_id.in_(mine)
    )
    wanted = select(FOLDER).where(
        FOLDER.c.account_id == account_id,
        FOLDER.c.intent.is_not(None) | FOLDER.c.subscribe_intent.is_not(None),
    )
    with store.read() as connection:
        letters = [*connection.execute(_pending(account_id)), *connection.execute(fresh)]
        folders = connection.execute(wanted).all()
    return frozenset(
        [(row.id, (row.folder_id, row.flags, row.deleted, *row.keywords)) for row in letters]
        + [(-row.id, (row.name, row.intent, row.subscribe_intent)) for row in folders]
    )


def _note_refusal(run: Pass, rows: list[Row[Any]], answer: str) -> None:
    """Say at each letter why the server did not follow; its intents wait for the next pull to be resolved."""
    with run.facts("refused") as work:
        update_places(work, [row.id for row in rows], error=answer)


def update_places(work: Work, ids: list[int], **values: object) -> None:
    """Write the same values into placements."""
    for start in range(0, len(ids), _BATCH):
        work.connection.execute(
            update(PLACEMENT)
            .where(PLACEMENT.c.id.in_(ids[start : start + _BATCH]))
            .values(version=PLACEMENT.c.version + 1, **values)
        )
    work.touch(Placement, ids)


def remove_places(work: Work, ids: list[int]) -> None:
    """Take placements away."""
    for start in range(0, len(ids), _BATCH):
        work.connection.execute(PLACEMENT.delete().where(PLACEMENT.c.id.in_(ids[start : start + _BATCH])))
    work.touch(Placement, ids)
