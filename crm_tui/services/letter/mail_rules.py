"""Processing rules of a mailbox: which letters, and what is done with them (MAIL-51, MAIL-52).

A rule has a condition over letters and actions. The rules of an account stand in an order; the first whose condition
holds for a letter acts on it, and no other. ``mail_rule_arrival`` applies them to what arrives, here a person makes
them, tries them and runs them over a folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from crm_tui.domain.conditions import condition, condition_words
from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import LETTER, Operator
from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.services.letter import mail_rule_acts
from crm_tui.store import letter_conditions
from crm_tui.store.queries import letters
from crm_tui.store.queries.letters import LetterRow
from crm_tui.store.tables import Folder, Letter, MailAccount, MailRule, Placement, User, table_of
from crm_tui.store.work import Work

LONGEST_NAME = 100
BODY_FIELDS = frozenset({"text", "files", "kind"})
"""Fields that are known only once the body of a letter is here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is read. ``condition`` is None where it asks for what this program does not know."""

    id: int
    account_id: int
    name: str
    enabled: bool
    condition: Condition | None
    actions: tuple[dict[str, Any], ...]

    @property
    def needs_body(self) -> bool:
        """Whether it can act on a letter only once its body is here."""
        asked = condition.fields(self.condition) if self.condition is not None else frozenset()
        return bool(asked & BODY_FIELDS) or any(one.get("do") == "forward" for one in self.actions)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do with a folder."""

    matching: int
    total: int
    examples: tuple[LetterRow, ...] = ()
    """The newest of those that match."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What rules did with a folder: letters acted on, and by rule the errors that kept it from acting."""

    acted: int
    failures: dict[str, CrmError]


def rules(connection: Connection, account_id: int, *, enabled: bool = False) -> list[Rule]:
    """The rules of an account in their order; only those in force with ``enabled``."""
    table = table_of(MailRule)
    query = select(table).where(table.c.account_id == account_id).order_by(table.c.position, table.c.id)
    if enabled:
        query = query.where(table.c.enabled)
    return [
        Rule(row.id, row.account_id, row.name, row.enabled, _condition(row.condition), tuple(row.actions))
        for row in connection.execute(query)
    ]


def context(work: Work, account: MailAccount) -> Context:
    """For whom the conditions of an account's rules are asked: its owner, on the owner's clocks."""
    owner = None if account.owner_id is None else work.find(User, id=account.owner_id)
    return Context(work.now, zone_of(owner.zone if owner is not None else "UTC"), account.owner_id)


# Making rules


def add(
    work: Work, account_id: int, name: str, wanted: Condition, actions: Sequence[dict[str, Any]]
) -> MailRule:
    """A new rule behind the others. Raises Invalid for one that asks for nothing or does nothing."""
    table = table_of(MailRule)
    last = work.connection.scalar(select(func.max(table.c.position)).where(table.c.account_id == account_id))
    return work.add(
        MailRule(
            account_id=work.get(MailAccount, account_id).key,
            name=_good_name(name, wanted),
            position=0 if last is None else last + 1,
            condition=_kept(wanted),
            actions=mail_rule_acts.checked(work, account_id, actions),
        )
    )


def change(work: Work, rule_id: int, name: str, wanted: Condition, actions: Sequence[dict[str, Any]]) -> None:
    """Let a rule ask for or do something else. Raises Invalid as ``add`` does."""
    row = work.get(MailRule, rule_id)
    work.change(
        row,
        name=_good_name(name, wanted),
        condition=_kept(wanted),
        actions=mail_rule_acts.checked(work, row.account_id, actions),
    )


def enable(work: Work, rule_id: int, *, on: bool) -> None:
    """Put a rule in force, or let it rest."""
    work.change(work.get(MailRule, rule_id), enabled=on)


def remove(work: Work, rule_id: int) -> None:
    """Remove a rule; what it did stays."""
    work.remove(work.get(MailRule, rule_id))


def shift(work: Work, rule_id: int, by: int) -> None:
    """Move a rule up or down among those of its account."""
    account_id = work.get(MailRule, rule_id).account_id
    rows = sorted(work.all(MailRule, account_id=account_id), key=lambda one: (one.position, one.key))
    place = next(number for number, one in enumerate(rows) if one.key == rule_id)
    row = rows.pop(place)
    rows.insert(max(0, min(place + by, len(rows))), row)
    for number, one in enumerate(rows):
        work.change(one, position=number)


def from_letter(connection: Connection, placement_id: int) -> tuple[str, Condition]:
    """Name and condition of a rule for letters like this one: From contains, List-Id is."""
    letter, placement = table_of(Letter), table_of(Placement)
    row = connection.execute(
        select(letter.c.sender_name, letter.c.sender_address, letter.c.list_id)
        .join(placement, placement.c.letter_id == letter.c.id)
        .where(placement.c.id == placement_id)
    ).one()
    found: list[Condition] = []
    if row.sender_address.strip():
        found.append(Leaf("sender", Operator.CONTAINS, row.sender_address))
    if row.list_id.strip():
        found.append(Leaf("list_id", Operator.EQUALS, row.list_id))
    checked = tuple(condition.checked(one, LETTER) for one in found if isinstance(one, Leaf))
    return clean(row.sender_name or row.sender_address)[:LONGEST_NAME], Group("all", checked)


# Trying and running


def trial(
    connection: Connection, wanted: Condition, asked: Context, folder_id: int, examples: int = 0
) -> Trial:
    """What a rule with this condition would act on in a folder, with so many of its letters. For a thread."""
    matching, total = letter_conditions.count(connection, wanted, asked, [folder_id])
    ids = (
        letter_conditions.found(connection, wanted, asked, folder_ids=[folder_id])[:examples]
        if examples
        else ()
    )
    rows = letters.rows(connection, ids)
    return Trial(matching, total, tuple(rows[key] for key in ids if key in rows))


def found(
    connection: Connection, account_rules: Sequence[Rule], asked: Context, folder_id: int
) -> list[tuple[Rule, list[int]]]:
    """What each rule would act on in a folder: a letter is the first rule's whose condition holds."""
    taken: set[int] = set()
    answer = []
    for rule in account_rules:
        if rule.condition is None:
            continue
        ids = letter_conditions.found(connection, rule.condition, asked, folder_ids=[folder_id])
        mine = [key for key in ids if key not in taken]
        taken.update(mine)
        answer.append((rule, mine))
    return answer


def run(work: Work, folder_id: int, rule_ids: Sequence[int] | None = None) -> Ran:
    """Apply the rules in force of the folder's account to what lies in it, or only these of them.

    Letters are not forwarded so: that is done with those that arrive. A rule that cannot act leaves its letters
    where they are, and its error is answered.
    """
    account = work.get(MailAccount, work.get(Folder, folder_id).account_id)
    chosen = rules(work.connection, account.key, enabled=rule_ids is None)
    acted, failures = 0, {}
    for rule, ids in found(work.connection, chosen, context(work, account), folder_id):
        if rule_ids is not None and rule.id not in rule_ids:
            continue
        try:
            mail_rule_acts.check_targets(work, account.key, rule.actions)
        except CrmError as error:
            failures[rule.name] = error
            continue
        mail_rule_acts.act(work, rule.actions, ids, rule_id=rule.id, forwards=False)
        acted += len(ids)
    return Ran(acted, failures)


def add_and_run(
    work: Work,
    account_id: int,
    name: str,
    wanted: Condition,
    actions: Sequence[dict[str, Any]],
    folder_id: int | None,
) -> tuple[MailRule, Ran]:
    """Make a rule and apply it to a folder at once: one act, which one undo takes back (story B7)."""
    row = add(work, account_id, name, wanted, actions)
    ran = Ran(0, {}) if folder_id is None else run(work, folder_id, [row.key])
    return row, ran


def lies_in(connection: Connection, placement_id: int) -> int | None:
    """The folder of a letter."""
    return letters.folders_of(connection, [placement_id]).get(placement_id)


def _condition(data: Any) -> Condition | None:
    try:
        return condition.parsed(data, LETTER)
    except CrmError:  # made by a newer version: such a rule is shown, and rests
        return None


def _kept(wanted: Condition) -> dict[str, Any]:
    if condition_words.is_empty(wanted):
        raise Invalid("rule_without_condition")
    return condition.as_json(wanted)


def _good_name(name: str, wanted: Condition) -> str:
    good = " ".join(clean(name).split())[:LONGEST_NAME]
    return good or condition_words.said(wanted, LETTER)[:LONGEST_NAME]
