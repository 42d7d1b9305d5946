"""What processing rules do with letters: move, mark, keyword, link, task, accept, forward.

An action is plain JSON: ``{"do": "move", "folder_id": 3}``, ``{"do": "mark", "read": true}``,
``{"do": "mark", "important": true}``, ``{"do": "keyword", "word": "news"}``,
``{"do": "link", "kind": "interest", "id": 5}`` (or ``customer``), ``{"do": "task", "title": "", "days": 1}``,
``{"do": "accept", "scenario": "sale"}``, ``{"do": "forward", "to": "olga@x.kz"}``.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from crm_tui.domain import wall
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.identity import address
from crm_tui.domain.letter.flags import is_keyword
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _
from crm_tui.services.inquiry import askers, inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.interest import interests
from crm_tui.services.letter import mail, mail_rule_forward
from crm_tui.services.task import tasks
from crm_tui.store.tables import (
    Customer,
    Folder,
    Inquiry,
    Interest,
    Letter,
    LetterLink,
    MailAccount,
    Placement,
    User,
)
from crm_tui.store.work import Work

Action = Mapping[str, Any]
KINDS = ("move", "mark", "keyword", "link", "task", "accept", "forward")
_MOST_DAYS = 365


def checked(work: Work, account_id: int, actions: Sequence[Action]) -> list[dict[str, Any]]:
    """The actions with nothing in them but what they need.

    Raises Invalid (``rule_does_nothing``, ``rule_action_unknown``, ``rule_keyword``, ``not_an_address``) and Refused
    for a folder or record that is not there.
    """
    good = [_good(one) for one in actions]
    if not good:
        raise Invalid("rule_does_nothing")
    check_targets(work, account_id, good)
    return good


def check_targets(work: Work, account_id: int, actions: Sequence[Action]) -> None:
    """Whether the folders and records that the actions name are there. Raises Refused."""
    for one in actions:
        if one["do"] == "move":
            folder = work.find(Folder, id=one["folder_id"])
            if folder is None or folder.hidden or not folder.selectable or folder.account_id != account_id:
                raise Refused("rule_folder_gone")
        elif one["do"] == "link":
            model = Interest if one["kind"] == "interest" else Customer
            if work.find(model, id=one["id"]) is None:
                raise Refused("rule_record_gone")
        elif one["do"] == "forward":
            account = work.get(MailAccount, account_id)
            if address.normal(one["to"]) == address.normal(account.address):
                raise Refused("rule_forwards_to_itself")


def act(
    work: Work, actions: Sequence[Action], placement_ids: Sequence[int], *, rule_id: int, forwards: bool
) -> None:
    """Carry the actions out in their order. Raises CrmError; then the unit of work must not be kept as it is."""
    for one in actions:
        if one["do"] == "forward":
            if forwards:
                for place in placement_ids:
                    mail_rule_forward.forward(work, place, one["to"], rule_id)
        else:
            _ACTS[one["do"]](work, one, placement_ids)


def _good(one: Action) -> dict[str, Any]:
    do = one.get("do")
    if do == "move" and isinstance(one.get("folder_id"), int):
        return {"do": "move", "folder_id": one["folder_id"]}
    if do == "mark":
        marks = {name: True for name in ("read", "important") if one.get(name)}
        if marks:
            return {"do": "mark", **marks}
    if do == "keyword":
        word = str(one.get("word", "")).strip()
        if not is_keyword(word):
            raise Invalid("rule_keyword", word=clean(word)[:50])
        return {"do": "keyword", "word": word}
    if do == "link" and one.get("kind") in ("interest", "customer") and isinstance(one.get("id"), int):
        return {"do": "link", "kind": one["kind"], "id": one["id"]}
    if do == "task":
        days = one.get("days", 1)
        return {
            "do": "task",
            "title": clean(str(one.get("title", "")))[:200],
            "days": days if isinstance(days, int) and 0 <= days <= _MOST_DAYS else 1,
            "user_id": one.get("user_id") if isinstance(one.get("user_id"), int) else None,
        }
    if do == "accept":
        return {"do": "accept", "scenario": str(one.get("scenario") or "sale")}
    if do == "forward":
        to = str(one.get("to", "")).strip()
        if not address.is_valid(to):
            raise Invalid("not_an_address", value=clean(to)[:100])
        return {"do": "forward", "to": to}
    raise Invalid("rule_action_unknown", action=clean(str(do))[:50])


def _move(work: Work, one: Action, places: Sequence[int]) -> None:
    mail.move(work, places, one["folder_id"])


def _mark(work: Work, one: Action, places: Sequence[int]) -> None:
    if one.get("read"):
        mail.mark_read(work, places)
    if one.get("important"):
        mail.mark_important(work, places)


def _keyword(work: Work, one: Action, places: Sequence[int]) -> None:
    mail.set_keyword(work, places, one["word"])


def _link(work: Work, one: Action, places: Sequence[int]) -> None:
    for letter_id in _letters(work, places):
        if one["kind"] == "interest":
            interests.link_letter(work, one["id"], letter_id)
        elif work.find(LetterLink, letter_id=letter_id, kind="customer", record_id=one["id"]) is None:
            work.add(LetterLink(letter_id=letter_id, kind="customer", record_id=one["id"]))


def _task(work: Work, one: Action, places: Sequence[int]) -> None:
    user_id = one.get("user_id") or work.actor.user_id
    if user_id is None:
        raise Refused("needs_a_person")
    zone = zone_of(work.get(User, user_id).zone)
    today = wall.to_wall(work.now, zone).date()
    for letter_id in _letters(work, places):
        title = one["title"] or work.get(Letter, letter_id).subject or _("Letter")
        due_at = wall.day_start(today + timedelta(days=one["days"] + 1), zone)
        tasks.add(work, title, assignee_id=user_id, due_at=due_at, due_all_day=True, letter_id=letter_id)


def _accept(work: Work, one: Action, places: Sequence[int]) -> None:
    """As the wizard would after Enter alone: who has this address, and into the newest open Interest of theirs."""
    for letter_id in _letters(work, places):
        if work.find(Inquiry, letter_id=letter_id) is not None:
            continue
        sender = work.get(Letter, letter_id).sender_address
        who = next(iter(askers.with_address(work.connection, sender)), None)
        open_ones = askers.open_interests(work.connection, who) if who is not None else []
        inquiries.accept(
            work,
            letter_id,
            Acceptance(scenario=one["scenario"], who=who, interest_id=open_ones[0][0] if open_ones else None),
        )


_ACTS: Mapping[str, Callable[[Work, Action, Sequence[int]], None]] = {
    "move": _move,
    "mark": _mark,
    "keyword": _keyword,
    "link": _link,
    "task": _task,
    "accept": _accept,
}


def _letters(work: Work, places: Sequence[int]) -> list[int]:
    return list(dict.fromkeys(work.get(Placement, place).letter_id for place in places))
