"""From the server, phase 1: flags that changed and letters that vanished (design/sync.md §4.3 step 4).

All folders go through this phase before any goes through phase 2: a letter that somebody moved must be missed
at its old place before it is found at the new one.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.tables import Folder, Placement
from crm_tui.store.work import Work
from crm_tui.sync import gmail, plan
from crm_tui.sync.differences import Known, differences, open_since, since, unchanged, unresolved_folders
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import ListedFolder, Selected
from crm_tui.sync.passing import FOLDER, PLACEMENT, TOMB, Listed, Pass

_KNOWN = (
    PLACEMENT.c.id, PLACEMENT.c.flags, PLACEMENT.c.srv_flags, PLACEMENT.c.flags_inflight,
    PLACEMENT.c.keywords, PLACEMENT.c.srv_keywords, PLACEMENT.c.keywords_inflight,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewLetters:
    """UIDs of a folder that phase 2 must look at: ``first`` … ``uidnext - 1`` under this UIDVALIDITY."""

    folder_id: int
    uidvalidity: int
    first: int
    uidnext: int
    lasting: bool = True
    """Whether keywords stay there."""
    only: frozenset[int] | None = None
    """The UIDs themselves, where the folder is not shown whole."""


def pull_changes(run: Pass, listed: Listed) -> list[NewLetters]:
    """Phase 1 for every folder that is synced and not plainly unchanged; what is left for phase 2."""
    found: list[NewLetters] = []
    stored = {
        row.id: row
        for row in run.rows(
            select(FOLDER).where(FOLDER.c.account_id == run.account_id, FOLDER.c.sync_mode != "none")
        )
    }
    looked = [(stored[key], folder) for key, folder in listed.items() if key in stored]
    unresolved = unresolved_folders(run)
    changed = [
        (row, folder)
        for row, folder in looked
        if row.selectable and not unchanged(run, row, folder, unresolved)
    ]
    for start in range(0, len(changed), plan.FLIGHT):
        flight = changed[start : start + plan.FLIGHT]
        if run.session.resyncs:
            run.session.foresee(
                [run.session.select_line(run.wire_name(row.id), since=since(row)) for row, _ in flight]
            )
        for row, folder in flight:
            run.tell("changes", folder.name)
            try:
                news = _pull_folder(run, row, folder)
            except ServerRefused as refused:
                keep_out(run, row.id, refused)
                continue
            if news is not None:
                found.append(news)
    _note_success(run, listed)
    return found


def _note_success(run: Pass, listed: Listed) -> None:
    """Each folder remembers when it was last looked into; what was wrong with it before is over."""
    looked = FOLDER.c.account_id == run.account_id, FOLDER.c.id.in_(set(listed) - run.shut)
    healed = run.rows(
        select(FOLDER.c.id).where(
            *looked,
            FOLDER.c.error != "",
            FOLDER.c.error.not_like("mass_delete%"),
            FOLDER.c.id.not_in(run.refused),
        )
    )
    with run.arrivals("folders") as work:
        work.connection.execute(
            update(FOLDER)
            .where(*looked, FOLDER.c.sync_mode != "none", FOLDER.c.selectable)
            .values(last_success_at=work.now)
        )
        for row in healed:
            set_folder(work, row.id, error="")


def keep_out(run: Pass, folder_id: int, refused: ServerRefused) -> None:
    """The folder is left alone until the next round; nothing is concluded from what is not found elsewhere."""
    run.shut.add(folder_id)
    with run.arrivals("folder_error") as work:
        set_folder(work, folder_id, error=str(refused.facts["answer"]))


def known_uids(run: Pass, folder_id: int) -> Known:
    """The letters of a folder that have a UID there."""
    query = select(PLACEMENT.c.id, PLACEMENT.c.srv_uid).where(
        PLACEMENT.c.srv_folder_id == folder_id, PLACEMENT.c.srv_uid.is_not(None)
    )
    return {row.srv_uid: row for row in run.rows(query)}


def merge_flags(work: Work, news: dict[int, list[bytes]], *, lasting: bool = True) -> int:
    """Apply the server's flags (by placement id) to what is desired now; how many rows differed.

    The rows are read here, in the transaction: a person may have changed them during the fetch.
    """
    differ: list[int] = []
    ids = list(news)
    for start in range(0, len(ids), 500):
        query = select(*_KNOWN).where(PLACEMENT.c.id.in_(ids[start : start + 500]))
        for row in work.connection.execute(query).all():
            server = plan.bits(news[row.id])
            words, known = plan.merge_words(
                row.srv_keywords, row.keywords, plan.keywords(news[row.id]), row.keywords_inflight or (),
                lasting=lasting,
            )  # fmt: skip
            if server == row.srv_flags and known == row.srv_keywords and words == row.keywords:
                continue
            desired = plan.merge(row.srv_flags, row.flags, server, row.flags_inflight)
            values = {
                "srv_flags": server,
                "flags": desired,
                "unread": not desired & Flag.SEEN,
                "keywords": words,
                "srv_keywords": known,
                "version": PLACEMENT.c.version + 1,
            }
            work.connection.execute(update(PLACEMENT).where(PLACEMENT.c.id == row.id).values(values))
            differ.append(row.id)
    work.touch(Placement, differ)
    return len(differ)


def set_folder(work: Work, folder_id: int, **values: object) -> None:
    """Write columns of a folder's row."""
    work.connection.execute(
        update(FOLDER).where(FOLDER.c.id == folder_id).values(version=FOLDER.c.version + 1, **values)
    )
    work.touch(Folder, [folder_id])


def _pull_folder(run: Pass, row: Row[Any], folder: ListedFolder) -> NewLetters | None:
    known = known_uids(run, row.id)
    partly = gmail.is_all_mail(run.session, folder)
    selected = open_since(run, row)
    if row.uidvalidity and (selected.uidvalidity != row.uidvalidity or _is_other(row, selected)):
        _rebind(run, row.id, selected.uidvalidity)
        known, row = {}, run.folder(row.id)
    uidnext = selected.uidnext or (folder.status.uidnext if folder.status else 0)
    first = row.uidnext if row.uidvalidity == selected.uidvalidity else 1
    present = gmail.archived(run.session) if partly else None
    changed, gone = differences(run, row, selected, known, first, uidnext, present)
    with run.arrivals("changes") as work:
        flagged = {known[uid].id: flags for uid, flags in changed.items() if uid in known}
        run.counts.changed += merge_flags(work, flagged, lasting=selected.keeps_any)
        to_limbo(work, run.number, [known[uid].id for uid in gone])
        work.connection.execute(
            update(PLACEMENT)
            .where(
                PLACEMENT.c.srv_folder_id == row.id,
                PLACEMENT.c.srv_uid.is_not(None),
                (PLACEMENT.c.flags_inflight != 0) | PLACEMENT.c.keywords_inflight.is_not(None),
            )
            .values(flags_inflight=0, keywords_inflight=None)
        )
        modseq = selected.modseq if run.session.condstore else 0
        set_folder(
            work, row.id, uidvalidity=selected.uidvalidity, modseq=modseq, uidnext=first, error=_kept(run, row),
            permanent_keywords=selected.keeps_any, mailbox_id=selected.mailbox_id,
        )  # fmt: skip
    only = None if present is None else frozenset(present - known.keys())
    news = NewLetters(row.id, selected.uidvalidity, first, uidnext, selected.keeps_any, only)
    return news if uidnext > first or only else None


def _is_other(row: Row[Any], selected: Selected) -> bool:
    """Whether another folder stands under the name: some servers give the same UIDVALIDITY to several."""
    return bool(row.mailbox_id and selected.mailbox_id and row.mailbox_id != selected.mailbox_id)


def to_limbo(work: Work, number: int, ids: list[int]) -> None:
    """These have no place on the server any more, since pass ``number``."""
    for start in range(0, len(ids), 500):
        work.connection.execute(
            update(PLACEMENT)
            .where(PLACEMENT.c.id.in_(ids[start : start + 500]))
            .values(srv_uid=None, limbo=number, version=PLACEMENT.c.version + 1)
        )
    work.touch(Placement, ids)


def _rebind(run: Pass, folder_id: int, uidvalidity: int) -> None:
    """The server numbered the folder anew (RFC 3501 §2.3.1.1): its letters wait to be recognised.

    Local changes are kept; nothing that had a place on the server is ever uploaded again.
    """
    with run.arrivals("uidvalidity") as work:
        to_limbo(work, run.number, [row.id for row in known_uids(run, folder_id).values()])
        work.connection.execute(
            update(PLACEMENT)
            .where(PLACEMENT.c.intent_folder_id == folder_id, PLACEMENT.c.intent.is_not(None))
            .values(intent_uidvalidity=uidvalidity, intent_uidnext=1)
        )
        work.connection.execute(TOMB.delete().where(TOMB.c.folder_id == folder_id))
        set_folder(work, folder_id, uidvalidity=uidvalidity, uidnext=1, modseq=0)


def _kept(run: Pass, row: Row[Any]) -> str:
    """A folder's error that outlives this: the mass-delete guard waits for a person, a refusal is of just now."""
    return str(row.error) if row.error.startswith("mass_delete") or row.id in run.refused else ""
