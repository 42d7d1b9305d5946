"""Taking back what was done with a letter and its server does not know yet."""

from crm_tui.domain.errors import Refused
from crm_tui.services.letter import mail
from crm_tui.store.tables import Placement
from crm_tui.store.work import Work


def take_back(work: Work, placement_id: int, kind: str) -> None:
    """Wish for what the server has; ``kind`` is one of ``store.queries.outbox.KINDS``.

    Raises Refused: ``act_done_already`` when the server knows it by now, ``act_stays`` for the copy of a letter
    that is to be put there and for acts on folders, which undo takes back.
    """
    if kind == "put" or kind.startswith("folder_"):
        raise Refused("act_stays")
    placement = work.get(Placement, placement_id)
    if placement.srv_folder_id is None:
        raise Refused("act_done_already")
    if kind == "delete" and placement.deleted:
        work.change(placement, deleted=False)
        return
    if kind == "move" and placement.folder_id != placement.srv_folder_id:
        mail.move(work, [placement_id], placement.srv_folder_id)
        return
    changed = {
        "read": lambda: mail.mark_read(work, [placement_id], read=False),
        "unread": lambda: mail.mark_read(work, [placement_id], read=True),
        "important": lambda: mail.mark_important(work, [placement_id], important=False),
        "unimportant": lambda: mail.mark_important(work, [placement_id], important=True),
    }.get(kind, lambda: 0)()
    if not changed:
        raise Refused("act_done_already")
