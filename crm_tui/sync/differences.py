"""What differs in a folder since we looked last, by the best means of the server: QRESYNC, CONDSTORE, or all."""

from typing import Any

from sqlalchemy import Row, func, select

from crm_tui.sync import gmail
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import ListedFolder, Selected, as_int
from crm_tui.sync.passing import PLACEMENT, TOMB, Pass

Known = dict[int, Row[Any]]
"""UID → the placement's row."""


def since(row: Row[Any]) -> tuple[int, int]:
    """What was last known of a folder: UIDVALIDITY, MODSEQ."""
    return row.uidvalidity or 0, row.modseq


def unresolved_folders(run: Pass) -> frozenset[int]:
    """Folders in which something that we sent was not answered. Reads every placement: once for all folders."""
    begun = PLACEMENT.c.intent.is_not(None)
    unanswered = begun | (PLACEMENT.c.flags_inflight != 0) | PLACEMENT.c.keywords_inflight.is_not(None)
    queries = (
        select(PLACEMENT.c.srv_folder_id).where(unanswered),
        select(PLACEMENT.c.intent_folder_id).where(begun),
        select(TOMB.c.folder_id),
    )
    return frozenset(one[0] for query in queries for one in run.rows(query) if one[0] is not None)


def unchanged(run: Pass, row: Row[Any], folder: ListedFolder, unresolved: frozenset[int]) -> bool:
    """Whether STATUS alone shows that nothing happened (step 3); only MODSEQ can tell that of flags.

    Never of the folders that are ``unresolved``.
    """
    status = folder.status
    if status is None or not status.modseq or row.id in unresolved:
        return False
    if (row.uidvalidity, row.uidnext, row.modseq) != (status.uidvalidity, status.uidnext, status.modseq):
        return False
    here = PLACEMENT.c.srv_folder_id == row.id, PLACEMENT.c.srv_uid.is_not(None)
    known = select(func.count()).select_from(PLACEMENT).where(*here)
    return gmail.is_all_mail(run.session, folder) or run.rows(known)[0][0] == status.messages


def open_since(run: Pass, row: Row[Any]) -> Selected:
    """SELECT, with QRESYNC where it works: a server that cannot take it is asked again without."""
    try:
        return run.open(row.id, since=since(row))
    except ServerRefused:
        if run.session.qresync_broken or not (run.session.enabled_qresync and row.modseq):
            raise
        selected = run.open(row.id)
        run.session.qresync_broken = True
        return selected


def differences(
    run: Pass,
    row: Row[Any],
    selected: Selected,
    known: Known,
    first: int,
    uidnext: int,
    present: set[int] | None,
) -> tuple[dict[int, list[bytes]], list[int]]:
    """Flags by UID where they may have changed, and the known UIDs that are gone.

    "Known" includes UIDs at or above ``first``: the ones that our own moves and appends made.
    """
    if not known:
        return {}, []
    if selected.resynced:
        changed, gone = selected.changed, {uid for uid in selected.vanished if uid in known}
        complete = False
    else:
        top = max([first - 1, *known])
        since = row.modseq if run.session.condstore else 0
        fetched = run.session.fetch(
            b"1:%d" % top, b"(UID FLAGS)", changed_since=since, expected=len(known) * 64
        )
        changed = {as_int(each[b"UID"]): tokens.words(each[b"FLAGS"]) for each in fetched if b"FLAGS" in each}
        gone = set() if since else {uid for uid in known if uid not in changed}
        complete = not since
    if present is not None:
        gone = known.keys() - present
    elif not complete and not _adds_up(run, selected, known, gone, (first, uidnext)):
        present = run.session.all_uids()
        gone = {uid for uid in known if uid not in present}
    return changed, sorted(gone)


def _adds_up(run: Pass, selected: Selected, known: Known, gone: set[int], new: tuple[int, int]) -> bool:
    """Whether what is known, less what is gone, plus what is new, is as much as the folder holds.

    With QRESYNC this is asked only where it costs no turn: VANISHED is to be trusted.
    """
    expected = len(known) - len(gone)
    first, uidnext = new
    if uidnext > first:
        if selected.resynced:
            return True
        fetched = run.session.fetch(b"%d:%d" % (first, uidnext - 1), b"(UID)")
        expected += len({as_int(each[b"UID"]) for each in fetched} - known.keys())
    return expected == selected.exists
