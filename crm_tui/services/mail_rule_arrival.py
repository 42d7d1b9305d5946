"""Processing rules at work on letters that arrive, in the transaction in which they arrive (MAIL-52).

Only what comes into an inbox is looked at, and nothing that lay in the mailbox when it was first read. A rule that
asks for the body waits for it, and with it the rules behind it: the first that holds acts.
"""

from collections.abc import Sequence

from sqlalchemy import select, update

from crm_tui.domain.condition import fields
from crm_tui.domain.condition_check import Context, Record, holds
from crm_tui.domain.condition_fields import LETTER
from crm_tui.domain.errors import CrmError
from crm_tui.services import mail_rule_acts, mail_rules, messages, notifications
from crm_tui.services.mail_rules import Rule
from crm_tui.store import letter_conditions
from crm_tui.store.tables import Folder, Letter, MailAccount, Notification, Placement, table_of
from crm_tui.store.work import Actor, Work

_BATCH = 500
_WAITS = -1
FAILED = "rule_failed"
"""Code of the notification that a rule could not act."""


def arrived(work: Work, folder_id: int, placement_ids: Sequence[int]) -> None:
    """New letters lie in a folder; their bodies are not here yet, but for letters that are known already."""
    folder = work.get(Folder, folder_id)
    if not placement_ids or folder.role != "inbox":
        return
    account = work.get(MailAccount, folder.account_id)
    if account.last_complete_pass:
        _apply(work, account, placement_ids)


def bodies_came(work: Work, letter_ids: Sequence[int]) -> None:
    """The bodies of letters are here: rules that waited for them go on."""
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
    bodies = _with_body(work, places)
    waits = []
    mine: dict[int, list[int]] = {}
    for place in places:
        rule_id = _first(rules, records[place], asked, has_body=place in bodies)
        if rule_id == _WAITS:
            waits.append(place)
        elif rule_id is not None:
            mine.setdefault(rule_id, []).append(place)
    _set_waiting(work, waits, waits=True)
    for rule in rules:
        if rule.id in mine:
            _carry_out(work, account, rule, mine[rule.id])


def _first(rules: Sequence[Rule], record: Record, asked: Context, *, has_body: bool) -> int | None:
    """The first rule whose condition holds; ``_WAITS`` where that cannot be known without the body."""
    for rule in rules:
        if rule.needs_body and not has_body:
            return _WAITS
        if rule.condition is not None and holds(rule.condition, record, LETTER, asked):
            return rule.id
    return None


def _carry_out(work: Work, account: MailAccount, rule: Rule, places: Sequence[int]) -> None:
    """What verbs write is journalled, under the rule's name; a letter with which it fails stays as it was."""
    work.act_for(Actor(f"rule:{rule.name}", account.owner_id), "mail_rule.arrived")
    for place in places:
        try:
            with work.connection.begin_nested():
                mail_rule_acts.check_targets(work, account.key, rule.actions)
                mail_rule_acts.act(work, rule.actions, [place], rule_id=rule.id, forwards=True)
        except CrmError as error:
            _tell(work, account, rule, error)


def _tell(work: Work, account: MailAccount, rule: Rule, error: CrmError) -> None:
    """Once, until the person has looked at it."""
    if account.owner_id is None:
        return
    known = work.find(Notification, user_id=account.owner_id, code=FAILED, subject_id=rule.id, read_at=None)
    if known is None:
        notifications.notify(
            work, account.owner_id, FAILED, kind="mail_rule", subject_id=rule.id, rule=rule.name,
            reason=messages.of_error(error),
        )  # fmt: skip


def _with_body(work: Work, places: Sequence[int]) -> set[int]:
    table, letter = table_of(Placement), table_of(Letter)
    found: set[int] = set()
    for start in range(0, len(places), _BATCH):
        query = (
            select(table.c.id)
            .join(letter, letter.c.id == table.c.letter_id)
            .where(table.c.id.in_(places[start : start + _BATCH]), letter.c.body_state == "full")
        )
        found.update(work.connection.scalars(query))
    return found


def _set_waiting(work: Work, places: Sequence[int], *, waits: bool) -> None:
    table = table_of(Placement)
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        work.connection.execute(update(table).where(table.c.id.in_(batch)).values(rules_wait=waits))
