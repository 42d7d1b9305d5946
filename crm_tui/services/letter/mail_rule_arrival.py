"""Processing rules at work on letters that arrive, in the transaction in which they arrive (MAIL-52).

Only what comes into an inbox is looked at, and nothing that lay in the mailbox when it was first read. A rule whose
answer hangs on the body waits for it, and with it the rules behind it: the first that holds acts. A body that will
not be fetched by itself (the limits of account and folder, a server that does not give it) is waited for by nobody:
such a rule is passed over, and its owner told.
"""

from collections.abc import Sequence, Set
from typing import Any, Literal

from sqlalchemy import and_, func, or_, select, update

from crm_tui.domain.conditions.condition import fields
from crm_tui.domain.conditions.condition_check import Context, Record, holds, may_hold
from crm_tui.domain.conditions.condition_fields import LETTER
from crm_tui.domain.errors import CrmError
from crm_tui.services.letter import mail_rule_acts, mail_rules
from crm_tui.services.letter.mail_rules import Rule
from crm_tui.services.task import notifications
from crm_tui.store import letter_conditions
from crm_tui.store.tables import Folder, Letter, MailAccount, Notification, Placement, table_of
from crm_tui.store.work import Actor, Work

_BATCH = 500
_DAY = 24 * 60 * 60
FAILED = "rule_failed"
"""Code of the notification that a rule could not act."""
PASSED_OVER = "rule_passed_over"
"""Code of the notification that a rule was not asked about a letter whose body is not fetched."""


def arrived(work: Work, folder_id: int, placement_ids: Sequence[int]) -> None:
    """New letters lie in a folder; their bodies are not here yet, but for letters that are known already."""
    folder = work.get(Folder, folder_id)
    if not placement_ids or folder.role != "inbox":
        return
    account = work.get(MailAccount, folder.account_id)
    if account.last_complete_pass:
        _apply(work, account, placement_ids)


def bodies_came(work: Work, letter_ids: Sequence[int]) -> None:
    """The bodies of letters are here, or are not to be had: rules that waited for them go on."""
    table, folder = table_of(Placement), table_of(Folder)
    waiting: dict[int, list[int]] = {}
    for start in range(0, len(letter_ids), _BATCH):
        query = (
            select(folder.c.account_id, table.c.id)
            .join(folder, folder.c.id == table.c.folder_id)
            .where(table.c.letter_id.in_(letter_ids[start : start + _BATCH]), table.c.rules_wait)
            .where(~table.c.deleted, folder.c.role == "inbox")
        )
        for account_id, place in work.connection.execute(query):
            waiting.setdefault(account_id, []).append(place)
    for account_id, places in waiting.items():
        _set_waiting(work, places, waits=False)
        _apply(work, work.get(MailAccount, account_id), places)


def _apply(work: Work, account: MailAccount, places: Sequence[int]) -> None:
    rules = mail_rules.rules(work.connection, account.key, enabled=True)
    if not rules:
        return
    asked = mail_rules.context(work, account)
    asks_for_text = any(rule.condition is not None and "text" in fields(rule.condition) for rule in rules)
    records = letter_conditions.records(work.connection, places, with_text=asks_for_text)
    here, coming = _bodies(work, places)
    waits = []
    mine: dict[int, list[int]] = {}
    for place in places:
        for rule in rules:
            verdict = _verdict(rule, records[place], asked, place, here, coming)
            if verdict == "waits":
                waits.append(place)
            elif verdict == "acts":
                mine.setdefault(rule.id, []).append(place)
            elif verdict == "unknown":
                _tell(work, account, rule, PASSED_OVER, subject=records[place]["subject"])
            if verdict in ("waits", "acts"):
                break
    _set_waiting(work, waits, waits=True)
    for rule in rules:
        if rule.id in mine:
            _carry_out(work, account, rule, mine[rule.id])


def _verdict(
    rule: Rule, record: Record, asked: Context, place: int, here: Set[int], coming: Set[int]
) -> Literal["acts", "not", "waits", "unknown"]:
    """What becomes of a letter under a rule; ``unknown`` where that hangs on a body that will not come."""
    if rule.condition is None:
        return "not"
    if place in here or not rule.needs_body:
        return "acts" if holds(rule.condition, record, LETTER, asked) else "not"
    if not may_hold(rule.condition, record, LETTER, asked, mail_rules.BODY_FIELDS):
        return "not"
    return "waits" if place in coming else "unknown"


def _carry_out(work: Work, account: MailAccount, rule: Rule, places: Sequence[int]) -> None:
    """What verbs write is journalled, under the rule's name; a letter with which it fails stays as it was."""
    work.act_for(Actor(f"rule:{rule.name}", account.owner_id), "mail_rule.arrived")
    for place in places:
        try:
            with work.connection.begin_nested():
                mail_rule_acts.check_targets(work, account.key, rule.actions)
                mail_rule_acts.act(work, rule.actions, [place], rule_id=rule.id, forwards=True)
        except CrmError as error:
            said = {name: str(value) for name, value in error.facts.items()}
            _tell(work, account, rule, FAILED, reason=error.code, error=said)


def _tell(work: Work, account: MailAccount, rule: Rule, code: str, **facts: Any) -> None:
    """Once, until the person has looked at it."""
    if account.owner_id is None:
        return
    known = work.find(Notification, user_id=account.owner_id, code=code, subject_id=rule.id, read_at=None)
    if known is None:
        notifications.notify(
            work, account.owner_id, code, kind="mail_rule", subject_id=rule.id, rule=rule.name, **facts
        )


def _bodies(work: Work, places: Sequence[int]) -> tuple[set[int], set[int]]:
    """Those of the letters whose bodies are here, and those whose bodies a pass will fetch (``sync.bodies``)."""
    table, letter, folder, account = (table_of(one) for one in (Placement, Letter, Folder, MailAccount))
    days = func.coalesce(folder.c.age_limit_days, account.c.age_limit_days)
    now = int(work.now.timestamp())
    fetched = and_(
        letter.c.body_state == "none", folder.c.sync_mode == "full",
        or_(account.c.size_limit == 0, letter.c.size <= account.c.size_limit),
        or_(days == 0, table.c.date_key >= now - days * _DAY),
    )  # fmt: skip
    here: set[int] = set()
    coming: set[int] = set()
    for start in range(0, len(places), _BATCH):
        query = (
            select(table.c.id, letter.c.body_state, fetched)
            .join(letter, letter.c.id == table.c.letter_id)
            .join(folder, folder.c.id == table.c.folder_id)
            .join(account, account.c.id == folder.c.account_id)
            .where(table.c.id.in_(places[start : start + _BATCH]))
        )
        for place, state, will_be in work.connection.execute(query):
            if state == "full":
                here.add(place)
            elif will_be:
                coming.add(place)
    return here, coming


def _set_waiting(work: Work, places: Sequence[int], *, waits: bool) -> None:
    table = table_of(Placement)
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        work.connection.execute(update(table).where(table.c.id.in_(batch)).values(rules_wait=waits))
