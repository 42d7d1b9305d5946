"""Folders that nothing was fetched from and that something is to be put into now."""

from sqlalchemy import or_, select

from crm_tui.store.tables.mail import PENDING
from crm_tui.sync.passing import FOLDER, PLACEMENT, Pass
from crm_tui.sync.pull import set_folder


def wake_targets(run: Pass) -> None:
    """A folder that letters are to be put into is synced from now on: else nobody would see them arrive."""
    mine = FOLDER.c.account_id == run.account_id, FOLDER.c.sync_mode == "none"
    asleep = {row.id for row in run.rows(select(FOLDER.c.id).where(*mine))}
    if not asleep:
        return
    elsewhere = PLACEMENT.c.srv_folder_id != PLACEMENT.c.folder_id
    unplaced = PLACEMENT.c.srv_uid.is_(None), or_(PLACEMENT.c.srv_folder_id.is_(None), elsewhere)
    queries = (
        select(PLACEMENT.c.folder_id).where(PENDING, elsewhere),
        select(PLACEMENT.c.folder_id).where(*unplaced, PLACEMENT.c.folder_id.in_(asleep)),
    )
    wanted = asleep & {row.folder_id for query in queries for row in run.rows(query)}
    if wanted:
        with run.arrivals("folders") as work:
            for folder_id in sorted(wanted):
                set_folder(work, folder_id, sync_mode="full")
