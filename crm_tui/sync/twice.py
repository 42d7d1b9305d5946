"""A letter that seems to lie in two places: was it copied, or moved while the pull stood between the two folders?

The old folder was looked into before the move, the new one after it. A change made here to the letter at its old
place would be lost with that place; so the old places are looked at once more, before anything is settled.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from crm_tui.sync.arrive import NO_INTENT
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import as_int
from crm_tui.sync.passing import FOLDER, PLACEMENT, RIVAL, Listed, Pass
from crm_tui.sync.pull import keep_out, to_limbo

_BATCH = 500


def look_again(run: Pass, listed: Listed, came: Sequence[int]) -> None:
    """Send the old places of letters that ``came`` to limbo where the server has them no more: ``settle`` finds
    the heir, which is no news to anybody."""
    suspects: dict[int, list[Row[Any]]] = defaultdict(list)
    for start in range(0, len(came), _BATCH):
        for row in run.rows(_older_places(run, came[start : start + _BATCH])):
            suspects[row.srv_folder_id].append(row)
    for folder_id, rows in suspects.items():
        if folder_id not in listed or folder_id in run.shut:
            continue
        try:
            if run.open(folder_id).uidvalidity != run.folder(folder_id).uidvalidity:
                continue
        except ServerRefused as refused:
            keep_out(run, folder_id, refused)
            continue
        uids = tokens.compact(row.srv_uid for row in rows)
        present = {as_int(each[b"UID"]) for each in run.session.fetch(uids, b"(UID)")}
        moved = [row for row in rows if row.srv_uid not in present]
        with run.arrivals("moved") as work:
            to_limbo(work, run.number, [row.id for row in moved])
            heirs = {row.heir for row in moved}
            rivals = PLACEMENT.c.id.in_(heirs), PLACEMENT.c.intent == RIVAL
            work.connection.execute(update(PLACEMENT).where(*rivals).values(NO_INTENT))
        run.came[:] = [key for key in run.came if key not in heirs]


def _older_places(run: Pass, came: Sequence[int]) -> Any:
    new = PLACEMENT.alias()
    return (
        select(PLACEMENT.c.id, PLACEMENT.c.srv_folder_id, PLACEMENT.c.srv_uid, new.c.id.label("heir"))
        .join(new, new.c.letter_id == PLACEMENT.c.letter_id)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id)
        .where(
            new.c.id.in_(came), PLACEMENT.c.srv_uid.is_not(None), PLACEMENT.c.born < run.number,
            FOLDER.c.account_id == run.account_id,
        )
    )  # fmt: skip
