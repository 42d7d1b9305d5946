"""Triggers in words: what they can wait for and do, and ready ones (BP-02, IDX-31)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _, ngettext

KINDS: Mapping[str, str] = {
    "interest": N_("Interest"),
    "customer": N_("Customer"),
    "contact": N_("Contact person"),
    "lead": N_("Lead"),
    "document": N_("Document"),
    "interaction": N_("Call or meeting"),
}
"""What a trigger can be about."""
EVENTS: Mapping[str, str] = {
    "created": N_("is new"),
    "changed": N_("is changed"),
    "state": N_("comes into a state"),
    "status": N_("gets another status"),
    "accepted": N_("an inquiry is accepted"),
    "letter": N_("an answer comes"),
    "held": N_("a call or meeting was held"),
    "task_done": N_("a task is done"),
    "planned": N_("is planned"),
    "cancelled": N_("is cancelled"),
}
"""What a trigger can wait for. ``at HH:MM`` besides: that time of each day, for all the cards that there are."""
_OF_CARDS = ("created", "changed", "held", "task_done")
_OF: Mapping[str, tuple[str, ...]] = {
    "interest": ("created", "changed", "state", "accepted", "letter", "held", "task_done"),
    "document": ("created", "changed", "status"),
    "interaction": ("held", "planned", "cancelled"),
}
_ITSELF: Mapping[tuple[str, str], str] = {("interaction", "held"): N_("was held")}
"""What is said otherwise of the thing itself."""
ACTIONS: Mapping[str, str] = {
    "reminder": N_("remind the owner"),
    "task": N_("make a task for the owner"),
    "email": N_("send a letter"),
    "sms": N_("send an SMS"),
    "set_field": N_("set a field"),
    "start_process": N_("start a process"),
    "digest": N_("tell the owner which they are"),
}
"""What a trigger can do."""
AT = "at "
"""Begins the event that is a time of day, by the clock of each owner."""
ALWAYS = Group("all")
_NOTHING_PLANNED = Group("all", (Leaf("no_next", Operator.EQUALS, True),))


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """A trigger as it is read. ``condition`` is None where it asks for what this program does not know."""

    id: int
    name: str
    object_kind: str
    event: str
    scenario_id: int | None
    condition: Condition | None
    actions: tuple[dict[str, Any], ...]
    enabled: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A trigger as it is made or changed."""

    name: str
    object_kind: str = "interest"
    event: str = "created"
    scenario_id: int | None = None
    condition: Condition = ALWAYS
    actions: tuple[dict[str, Any], ...] = ()


SHIPPED: tuple[Wanted, ...] = (
    Wanted(
        N_("First contact within 15 minutes"),
        event="accepted",
        actions=({"do": "reminder", "target": "{{ interest.name }}", "after": "10min"},),
    ),
    Wanted(
        N_("Nothing planned: ask what is next"),
        event="held",
        condition=_NOTHING_PLANNED,
        actions=({"do": "reminder", "target": "{{ interest.name }}: ?", "after": "30min"},),
    ),
    Wanted(
        N_("In the evening: Interests with nothing planned"),
        event=f"{AT}19:00",
        condition=_NOTHING_PLANNED,
        actions=({"do": "digest", "target": ""},),
    ),
)
"""Ready ones to choose from (IDX-31, C-16)."""


def events_of(kind: str) -> dict[str, str]:
    """What a trigger about such a card can wait for, besides a time of day; names are source texts."""
    return {event: _ITSELF.get((kind, event), EVENTS[event]) for event in _OF.get(kind, _OF_CARDS)}


def event_said(event: str, kind: str = "") -> str:
    """What a trigger about such a card waits for, in words."""
    if event.startswith(AT):
        return _("every day at {time}").format(time=event.removeprefix(AT))
    return _(_ITSELF.get((kind, event), EVENTS.get(event, event)))


def action_said(action: Mapping[str, Any]) -> str:
    """What a trigger does, in words."""
    do, target = str(action.get("do", "")), clean(str(action.get("target", "")))
    said = [_(ACTIONS[do]) if do in ACTIONS else do]
    if do in ("email", "sms"):
        said[0] += " " + (_("to the client") if action.get("to_client") else _("to the owner"))
    if target:
        said.append(target)
    if action.get("after"):
        said.append(_("after {time}").format(time=action["after"]))
    return ": ".join(said[:2]) + "".join(f", {one}" for one in said[2:])


def trial_said(matching: int, total: int) -> str:
    """For how many records a trigger would act now."""
    return ngettext(
        "Would act on {n} of {total} record now.", "Would act on {n} of {total} records now.", total
    ).format(n=matching, total=total)
