"""The simple form of the filter of letters as a condition, and back (MAIL-46)."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from crm_tui.domain.conditions import condition_dates
from crm_tui.domain.conditions.condition import Condition, Group, Leaf, checked
from crm_tui.domain.conditions.condition_fields import LETTER, Operator
from crm_tui.domain.errors import Invalid

_TEXTS = ("sender", "recipient", "subject", "text")
_APART = ".."
_FIRST_DAY = "1970-01-01"


@dataclass(frozen=True, slots=True)
class Simple:
    """The form as it is filled in; what is empty is not asked about."""

    period: str = ""
    """``last 7 days``, ``monday``, ``1.11..15.11``, ``1.11..`` (until now)."""
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    text: str = ""
    owner: str = ""
    """``me`` or the id of a user."""
    unread: bool = False


def condition_of(form: Simple, now: datetime, zone: tzinfo) -> Condition:
    """What is filled in, all of it (MAIL-46: AND). Raises Invalid."""
    found = [] if not form.period.strip() else [period(form.period, now, zone)]
    texts = {name: getattr(form, name).strip() for name in _TEXTS}
    found += [Leaf(name, Operator.CONTAINS, value) for name, value in texts.items() if value]
    if form.owner:
        found.append(
            Leaf("owner", Operator.EQUALS, int(form.owner) if form.owner.isdecimal() else form.owner)
        )
    if form.unread:
        found.append(Leaf("unread", Operator.EQUALS, True))
    return Group("all", tuple(checked(one, LETTER) for one in found))


def simple_of(condition: Condition) -> Simple | None:
    """The form that makes this condition, or None where it says more than the form can."""
    if not isinstance(condition, Group) or condition.kind != "all":
        return None
    values: dict[str, object] = {}
    for one in condition.members:
        if not isinstance(one, Leaf):
            return None
        named = _named(one)
        if named is None or named[0] in values:
            return None
        values[named[0]] = named[1]
    return Simple(**values)  # type: ignore[arg-type]


def period(text: str, now: datetime, zone: tzinfo, field: str = "date") -> Leaf:
    """The days that a person typed: words, a day, or two days with ``..`` between them. Raises Invalid."""
    first, apart, last = text.strip().partition(_APART)
    if not apart:
        return Leaf(field, Operator.EQUALS, _day(first, now, zone))
    ends = (
        _day(first, now, zone) if first.strip() else _FIRST_DAY,
        _day(last, now, zone) if last.strip() else "today",
    )
    return Leaf(field, Operator.BETWEEN, ends)


def period_text(leaf: Leaf) -> str:
    """A period as it can be typed again."""
    if leaf.operator is Operator.EQUALS:
        return condition_dates.said(leaf.value)
    return _APART.join(condition_dates.said(one) for one in leaf.value)


def _day(text: str, now: datetime, zone: tzinfo) -> str:
    day = condition_dates.typed(text, now, zone)
    if day is None:
        raise Invalid("not_a_date", value=text.strip())
    return day


def _named(leaf: Leaf) -> tuple[str, object] | None:
    if leaf.field in _TEXTS and leaf.operator is Operator.CONTAINS:
        return leaf.field, leaf.value
    if leaf.field == "date" and leaf.operator in (Operator.EQUALS, Operator.BETWEEN):
        return "period", period_text(leaf)
    if leaf.field == "owner" and leaf.operator is Operator.EQUALS:
        return "owner", str(leaf.value)
    if leaf.field == "unread" and leaf.value is True:
        return "unread", True
    return None
