"""To the server: letters that have no place there yet (design/sync.md §4.3 step 7d).

A letter that the server has in another folder of the account is copied there by the server; others are uploaded.
"""

from typing import Any

from sqlalchemy import Row, select

from crm_tui.store.tables import LetterRaw, table_of
from crm_tui.sync import plan
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import as_int
from crm_tui.sync.passing import FOLDER, PLACEMENT, Listed, Pass
from crm_tui.sync.push import remove_places, update_places

_RAW = table_of(LetterRaw)
Place = tuple[int, int]
"""UIDVALIDITY and UID."""


def append_new(run: Pass, listed: Listed) -> None:
    """Upload or copy letters that never had a place: sent ones, copies, those put into a folder here."""
    query = (
        select(PLACEMENT)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.folder_id)
        .where(
            FOLDER.c.account_id == run.account_id, PLACEMENT.c.srv_uid.is_(None), PLACEMENT.c.limbo == 0,
            PLACEMENT.c.intent.is_(None),
        )
    )  # fmt: skip
    for row in run.rows(query):
        if row.deleted:
            with run.facts("dropped") as work:
                remove_places(work, [row.id])
        elif row.folder_id in listed and row.folder_id not in run.shut:
            _put(run, row, listed)


def _put(run: Pass, row: Row[Any], listed: Listed) -> None:
    twin = _twin(run, row, listed)
    raw = run.rows(select(_RAW.c.raw).where(_RAW.c.letter_id == row.letter_id))
    if twin is None and not raw:
        return
    try:
        if twin is not None and not _lies_there(run, twin):
            return  # moved on since we looked: to copy nothing succeeds, and what turns up there would count as ours
    except ServerRefused as refused:
        with run.facts("append_refused") as work:
            update_places(work, [row.id], error=str(refused.facts["answer"]))
        return
    target = run.folder(row.folder_id)
    words = row.keywords if target.permanent_keywords else []
    flags, known = (row.flags, words) if twin is None else (twin.srv_flags, twin.srv_keywords)
    with run.facts("append_begin") as work:
        update_places(
            work, [row.id], intent="append", intent_folder_id=target.id, intent_uidnext=target.uidnext,
            intent_uidvalidity=target.uidvalidity or 0, srv_flags=flags, srv_keywords=known,
        )  # fmt: skip
    run.tell("changes", target.name)
    try:
        if twin is None:
            names = plan.flag_names(row.flags) + [word.encode() for word in words]
            place = run.session.append(run.wire_name(target.id), raw[0].raw, names)
        else:
            place = _copied(run, twin, target)
    except ServerRefused as refused:
        with run.facts("append_refused") as work:
            update_places(
                work, [row.id], intent=None, intent_folder_id=None, error=str(refused.facts["answer"])
            )
        return
    run.counts.pushed += 1
    if place and place[0] == target.uidvalidity:
        with run.facts("append_done") as work:
            update_places(work, [row.id], srv_folder_id=target.id, srv_uid=place[1], intent=None,
                          intent_folder_id=None, error="")  # fmt: skip


def _twin(run: Pass, row: Row[Any], listed: Listed) -> Row[Any] | None:
    """The same letter in another folder of the account on the server."""
    query = select(PLACEMENT).where(
        PLACEMENT.c.letter_id == row.letter_id, PLACEMENT.c.id != row.id, PLACEMENT.c.srv_uid.is_not(None),
        PLACEMENT.c.intent.is_(None), PLACEMENT.c.srv_folder_id.in_(set(listed) - run.shut),
    )  # fmt: skip
    found = run.rows(query.limit(1))
    return found[0] if found else None


def _lies_there(run: Pass, twin: Row[Any]) -> bool:
    """Open the twin's folder; whether it is in there still."""
    if run.open(twin.srv_folder_id).uidvalidity != run.folder(twin.srv_folder_id).uidvalidity:
        return False
    there = run.session.fetch(b"%d" % twin.srv_uid, b"(UID)")
    return any(as_int(each[b"UID"]) == twin.srv_uid for each in there)


def _copied(run: Pass, twin: Row[Any], target: Row[Any]) -> Place | None:
    """Have the server copy it out of the open folder."""
    places, uidvalidity = run.session.copy(b"%d" % twin.srv_uid, run.wire_name(target.id))
    return (uidvalidity, places[twin.srv_uid]) if twin.srv_uid in places else None
