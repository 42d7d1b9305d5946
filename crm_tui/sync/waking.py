"""Folders that nothing was fetched from and that something is to be put into now."""

from sqlalchemy import select

from crm_tui.store.tables.mail import PENDING
from crm_tui.sync.passing import FOLDER, PLACEMENT, Pass
from crm_tui.sync.pull import set_folder


def wake_targets(run: Pass) -> None:
    """A folder that letters are to be put into is synced from now on: else nobody would see them arrive."""
    mine = FOLDER.c.account_id == run.account_id, FOLDER.c.sync_mode == "none"
    asleep = {row.id for row in run.rows(select(FOLDER.c.id).where(*mine))}
    if not asleep:
        return
    unplaced = PLACEMENT.c.srv_uid.is_(None), PLACEMENT.c.folder_id.in_(asleep)
    waiting = [
        *run.rows(select(PLACEMENT.c.folder_id, PLACEMENT.c.srv_folder_id).where(PENDING)),
        *run.rows(select(PLACEMENT.c.folder_id, PLACEMENT.c.srv_folder_id).where(*unplaced)),
    ]
    wanted = asleep & {row.folder_id for row in waiting if row.folder_id != row.srv_folder_id}
    if wanted:
        with run.arrivals("folders") as work:
            for folder_id in sorted(wanted):
                set_folder(work, folder_id, sync_mode="full")
