"""After a complete pull: what is still unresolved did not happen, or is really gone (design/sync.md §4.3 step 6)."""

from collections import Counter
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from crm_tui.domain.letter.flags import Flag
from crm_tui.services.letter.mail import MASS_DELETE, MASS_DELETE_AGREED
from crm_tui.services.task import notifications
from crm_tui.store.tables import Placement
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.passing import ACCOUNT, FOLDER, PLACEMENT, RACED, RIVAL, Listed, Pass
from crm_tui.sync.pull import set_folder

PATIENCE = 10
"""Passes that a letter which vanished is waited for while the server keeps us out of a folder."""


def settle(run: Pass, listed: Listed) -> None:
    """Resolve limbo and intents of the account in one transaction, and count the pass as complete."""
    with run.facts("settle") as work:
        last = (
            work.connection.scalar(select(ACCOUNT.c.last_complete_pass).where(ACCOUNT.c.id == run.account_id))
            or 0
        )
        waiting = _in_limbo(work, run.account_id)
        guarded = _guard(work, run.account_id, waiting)
        for row in waiting:
            # It may lie where we could not look.
            patient = run.shut and run.number - row.limbo < PATIENCE
            if row.srv_folder_id not in guarded and not patient:
                _let_go(run, work, row, last)
        _end_races(run, work)
        _forget_intents(work, run)
        _make_again(work, run.account_id, listed)
        _hide_vanished(work, run.account_id, listed)
        if not _left_out(work, run):
            work.connection.execute(
                update(ACCOUNT).where(ACCOUNT.c.id == run.account_id).values(last_complete_pass=run.number)
            )


def _in_limbo(work: Work, account_id: int) -> list[Row[Any]]:
    query = (
        select(PLACEMENT)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id)
        .where(PLACEMENT.c.limbo > 0, PLACEMENT.c.srv_uid.is_(None), FOLDER.c.account_id == account_id)
    )
    return list(work.connection.execute(query))


def _guard(work: Work, account_id: int, waiting: list[Row[Any]]) -> set[int]:
    """Folders from which too much vanished at once: their letters stay in limbo until a person agrees."""
    gone = Counter(row.srv_folder_id for row in waiting)
    folders = select(FOLDER.c.id, FOLDER.c.error, FOLDER.c.name).where(FOLDER.c.account_id == account_id)
    guarded: set[int] = set()
    for folder in list(work.connection.execute(folders)):
        left = select(func.count()).where(
            PLACEMENT.c.srv_folder_id == folder.id, PLACEMENT.c.srv_uid.is_not(None)
        )
        missed = gone[folder.id]
        asks = missed > 0 and folder.error != MASS_DELETE_AGREED
        if asks and plan.too_many_gone(missed, missed + (work.connection.scalar(left) or 0)):
            guarded.add(folder.id)
        error = MASS_DELETE if folder.id in guarded else ""
        if error != folder.error and (error or folder.error in (MASS_DELETE, MASS_DELETE_AGREED)):
            set_folder(work, folder.id, error=error)
            if error:
                _ask(work, account_id, folder.name, missed)
    return guarded


def _ask(work: Work, account_id: int, folder: str, count: int) -> None:
    owner = work.connection.scalar(select(ACCOUNT.c.owner_id).where(ACCOUNT.c.id == account_id))
    if owner is not None:
        notifications.notify(work, owner, MASS_DELETE, folder=folder, count=count)


def _let_go(run: Pass, work: Work, row: Row[Any], last: int) -> None:
    """Drop a row that has no place any more; what the user changed goes over to the letter's new place."""
    query = (
        select(PLACEMENT)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.folder_id)
        .where(
            PLACEMENT.c.letter_id == row.letter_id, PLACEMENT.c.born > last, PLACEMENT.c.id != row.id,
            PLACEMENT.c.srv_uid.is_not(None), FOLDER.c.account_id == run.account_id,
        )
    )  # fmt: skip
    heir = work.connection.execute(query.limit(1)).first()
    if heir is not None:
        set_bits, cleared = plan.pending(row.srv_flags, row.flags, row.flags_inflight)
        flags = (heir.flags | set_bits) & ~cleared
        add, remove = plan.pending_words(row.srv_keywords, row.keywords, row.keywords_inflight or ())
        words, _known = plan.merge_words(remove, heir.keywords, add)
        moving = row.folder_id != row.srv_folder_id
        work.connection.execute(
            update(PLACEMENT)
            .where(PLACEMENT.c.id == heir.id)
            .values(
                flags=flags,
                keywords=words,
                unread=not flags & Flag.SEEN,
                deleted=heir.deleted or row.deleted,
                folder_id=row.folder_id if moving else heir.folder_id,
                version=PLACEMENT.c.version + 1,
            )
        )
        work.touch(Placement, [heir.id])
    work.connection.execute(PLACEMENT.delete().where(PLACEMENT.c.id == row.id))
    work.touch(Placement, [row.id])
    run.counts.gone += 1


def _end_races(run: Pass, work: Work) -> None:
    """Without MOVE both sides can move one letter at once: we copied it before we heard that its source was moved
    elsewhere. Our place stands, as it does against any other move, and the other one is given up."""
    mine = (FOLDER.c.account_id == run.account_id) & PLACEMENT.c.srv_uid.is_not(None)
    placed = select(PLACEMENT.c.id, PLACEMENT.c.letter_id).join(
        FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id
    )
    for row in work.connection.execute(placed.where(mine, PLACEMENT.c.intent == RACED)).all():
        rivals = placed.where(mine, PLACEMENT.c.letter_id == row.letter_id, PLACEMENT.c.intent == RIVAL)
        other = work.connection.scalar(rivals.limit(1))
        if other is not None:
            run.came[:] = [key for key in run.came if key != other]
            work.connection.execute(
                update(PLACEMENT)
                .where(PLACEMENT.c.id == other)
                .values(deleted=True, intent=None, version=PLACEMENT.c.version + 1)
            )
            work.touch(Placement, [other])


def _left_out(work: Work, run: Pass) -> bool:
    """Whether a folder that we know letters of was not looked into: what came meanwhile may be from there."""
    query = select(FOLDER.c.id).where(FOLDER.c.id.in_(run.shut), FOLDER.c.uidvalidity.is_not(None))
    return work.connection.scalar(query.limit(1)) is not None


def _forget_intents(work: Work, run: Pass) -> None:
    """A command that left no trace on the server never ran there: what is desired will be sent again.

    What a folder that is shut holds is not known, so what was meant for it waits.
    """
    folders = select(FOLDER.c.id).where(FOLDER.c.account_id == run.account_id)
    work.connection.execute(
        update(PLACEMENT)
        .where(PLACEMENT.c.intent.is_not(None), PLACEMENT.c.folder_id.in_(folders))
        .where(PLACEMENT.c.intent_folder_id.not_in(run.shut))
        .values(intent=None, intent_folder_id=None)
    )


def _make_again(work: Work, account_id: int, listed: Listed) -> None:
    """A folder that was deleted on the server while letters here wait to be put into it is made there anew.

    Those letters have no other place, or their owner wants them here: nothing that is wanted is lost.
    """
    waits = select(PLACEMENT.c.id).where(
        PLACEMENT.c.folder_id == FOLDER.c.id, ~PLACEMENT.c.deleted, PLACEMENT.c.limbo == 0,
        or_(PLACEMENT.c.srv_folder_id.is_(None), PLACEMENT.c.srv_folder_id != FOLDER.c.id),
    )  # fmt: skip
    query = select(FOLDER.c.id).where(
        FOLDER.c.account_id == account_id, FOLDER.c.srv_name.is_not(None), FOLDER.c.intent.is_(None),
        FOLDER.c.id.not_in(listed), waits.exists(),
    )  # fmt: skip
    for folder_id in list(work.connection.scalars(query)):
        set_folder(work, folder_id, srv_name=None, intent="create", subscribe_intent=True, mailbox_id="")


def _hide_vanished(work: Work, account_id: int, listed: Listed) -> None:
    """Take folders out of sight that the server has no more and that nothing lies in."""
    query = select(FOLDER.c.id).where(
        FOLDER.c.account_id == account_id, FOLDER.c.srv_name.is_not(None), ~FOLDER.c.hidden,
        FOLDER.c.id.not_in(listed),
        ~select(PLACEMENT.c.id).where(PLACEMENT.c.folder_id == FOLDER.c.id, ~PLACEMENT.c.deleted).exists(),
    )  # fmt: skip
    for folder_id in list(work.connection.scalars(query)):
        set_folder(work, folder_id, hidden=True)
