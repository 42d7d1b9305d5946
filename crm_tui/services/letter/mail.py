"""Verbs of the letter's place: they change what is desired, the sync brings the server to it."""

from collections.abc import Sequence

from sqlalchemy import insert

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.letter.flags import Flag, is_keyword
from crm_tui.domain.text import clean
from crm_tui.store.images import inserted_id
from crm_tui.store.tables import Folder, LetterRaw, Placement, table_of
from crm_tui.store.work import Work

MASS_DELETE = "mass_delete"
"""``Folder.error`` of a folder from which so much vanished on the server that its letters are kept here until a
person agrees."""
MASS_DELETE_AGREED = "mass_delete_accepted"


def agree_to_deletions(work: Work, folder_id: int) -> None:
    """A person agrees that what vanished from the folder on the server goes here too, by the next pass.

    Raises Refused for a folder of which nothing is asked.
    """
    folder = work.get(Folder, folder_id)
    if folder.error != MASS_DELETE:
        raise Refused("nothing_to_agree", folder=folder.name)
    work.change(folder, error=MASS_DELETE_AGREED)


def mark_read(work: Work, placement_ids: Sequence[int], *, read: bool = True) -> int:
    """Mark letters read or unread; answers how many changed."""
    return _set_flag(work, placement_ids, Flag.SEEN, on=read)


def mark_important(work: Work, placement_ids: Sequence[int], *, important: bool = True) -> int:
    """Mark letters important or not; answers how many changed."""
    return _set_flag(work, placement_ids, Flag.FLAGGED, on=important)


def set_keyword(work: Work, placement_ids: Sequence[int], keyword: str, *, on: bool = True) -> int:
    """Give letters a keyword, on the server too, or take it from them; answers how many changed.

    Case does not tell keywords apart. Raises Invalid for what is no keyword.
    """
    if not is_keyword(keyword):
        raise Invalid("not_a_keyword", value=clean(keyword))
    count = 0
    for placement in _placements(work, placement_ids):
        others = [word for word in placement.keywords if word.casefold() != keyword.casefold()]
        if on != (len(others) < len(placement.keywords)):
            work.change(placement, keywords=sorted([*others, keyword]) if on else others)
            count += 1
    return count


def copy(work: Work, placement_ids: Sequence[int], folder_id: int) -> list[int]:
    """Copy letters into a folder, of another account too; answers the new places.

    A letter that lies there already is passed over. Raises Refused for a folder that takes no letters, and for a
    letter of another account whose text is not here.
    """
    target = work.get(Folder, folder_id)
    if not target.selectable or target.hidden:
        raise Refused("folder_takes_no_letters", folder=target.name)
    made = []
    for placement in _placements(work, placement_ids):
        if work.find(Placement, letter_id=placement.letter_id, folder_id=target.key, deleted=False):
            continue
        foreign = work.get(Folder, placement.folder_id).account_id != target.account_id
        if foreign and work.find(LetterRaw, letter_id=placement.letter_id) is None:
            raise Refused("body_not_here")
        twin = Placement(
            letter_id=placement.letter_id,
            folder_id=target.key,
            flags=placement.flags,
            unread=placement.unread,
            keywords=list(placement.keywords),
            date_key=placement.date_key,
            sender_key=placement.sender_key,
            subject_key=placement.subject_key,
        )
        made.append(work.add(twin).key)
    return made


def move(work: Work, placement_ids: Sequence[int], folder_id: int) -> int:
    """Move letters to a folder of the same account; answers how many moved.

    Raises Refused for a folder that takes no letters or lies in another account.
    """
    target = work.get(Folder, folder_id)
    if not target.selectable or target.hidden:
        raise Refused("folder_takes_no_letters", folder=target.name)
    moving = _elsewhere(work, placement_ids, target)
    work.change_many(Placement, moving, folder_id=target.key)
    return len(moving)


def delete(work: Work, placement_ids: Sequence[int]) -> int:
    """Put letters into the trash of their account; those that lie there already are deleted for good (when the
    account has no trash folder, too). Answers how many."""
    by_account: dict[int, list[Placement]] = {}
    for placement in _placements(work, placement_ids):
        folder = work.get(Folder, placement.folder_id)
        by_account.setdefault(folder.account_id, []).append(placement)
    count = 0
    for account_id, placements in by_account.items():
        trash = work.find(Folder, account_id=account_id, role="trash", hidden=False)
        gone = [one.key for one in placements if trash is None or one.folder_id == trash.key]
        binned = [one.key for one in placements if trash is not None and one.folder_id != trash.key]
        work.change_many(Placement, gone, deleted=True)
        if trash is not None:
            work.change_many(Placement, binned, folder_id=trash.key)
        count += len(placements)
    return count


def processed_folder(work: Work, account_id: int) -> Folder:
    """The folder for inquiries that are dealt with; it is made, here and by the next sync on the server.

    To make it is no act of the person's: an undo, which may come after the sync has filled it, leaves it there.
    """
    found = work.find(Folder, account_id=account_id, role="processed", hidden=False)
    if found is not None:
        return found
    by_name = work.find(Folder, account_id=account_id, srv_name="Processed")
    if by_name is not None:
        work.change(by_name, role="processed", hidden=False)
        return by_name
    made = Folder(account_id=account_id, name="Processed", role="processed", intent="create")
    values = {name: value for name, value in made.model_dump().items() if name != "id"}
    folder_id = inserted_id(work.connection.execute(insert(table_of(Folder)).values(values)))
    work.touch(Folder, [folder_id])
    return work.get(Folder, folder_id)


def _set_flag(work: Work, placement_ids: Sequence[int], flag: Flag, *, on: bool) -> int:
    by_flags: dict[int, list[int]] = {}
    for placement in _placements(work, placement_ids):
        wanted = placement.flags | flag if on else placement.flags & ~flag
        if wanted != placement.flags:
            by_flags.setdefault(wanted, []).append(placement.key)
    for flags, ids in by_flags.items():
        work.change_many(Placement, ids, flags=flags, unread=not flags & Flag.SEEN)
    return sum(len(ids) for ids in by_flags.values())


def _elsewhere(work: Work, placement_ids: Sequence[int], target: Folder) -> list[int]:
    moving = []
    for placement in _placements(work, placement_ids):
        if placement.folder_id == target.key:
            continue
        if work.get(Folder, placement.folder_id).account_id != target.account_id:
            raise Refused("folder_of_other_account", folder=target.name)
        moving.append(placement.key)
    return moving


def _placements(work: Work, placement_ids: Sequence[int]) -> list[Placement]:
    return [work.get(Placement, placement_id) for placement_id in placement_ids]
