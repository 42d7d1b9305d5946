"""Why a task stands where it stands in the order of urgency (L-22)."""

from crm_tui.domain.task.urgency import Urgency
from crm_tui.i18n import N_, _

TERMS = {
    "overdue": (N_("overdue"), N_("the time for it has passed")),
    "due": (N_("due"), N_("it has a time by which it is to be done")),
    "important": (N_("important"), N_("its priority is high")),
    "low": (N_("low priority"), N_("its priority is low")),
    "step": (N_("step of a process"), N_("a process waits for it")),
    "waits": (N_("customer waits"), N_("the last letter is the customer's")),
    "age": (N_("age"), N_("it has stood here for a while")),
    "blocked": (
        N_("stands still"),
        N_("Interest closed or in the trash, or process stopped"),
    ),
}
"""Term of ``domain.task.urgency`` → its name, and what it says."""


def equation(urgency: Urgency) -> str:
    """``Urgency 12.4 = overdue 6.0 + important 6.0 + age 0.4``."""
    sides: list[str] = []
    for name, value in _told(urgency):
        sign = "− " if value < 0 else "+ " if sides else ""
        sides.append(f"{sign}{_(TERMS[name][0])} {abs(value):.1f}")
    return _("Urgency {figure} = {terms}").format(
        figure=f"{urgency.figure:.1f}", terms=" ".join(sides) or "0.0"
    )


def why(urgency: Urgency) -> list[str]:
    """The equation, then a line for each of its terms; how much each counts is a setting."""
    told = [f"{_(TERMS[name][0])} {value:+.1f}: {_(TERMS[name][1])}" for name, value in _told(urgency)]
    return [equation(urgency), "", *told, "", _("How much each counts: settings, urgency.")]


def _told(urgency: Urgency) -> list[tuple[str, float]]:
    """The terms that are more than nothing with the one figure behind the point that is shown."""
    return [(name, value) for name, value in urgency.terms if round(value, 1)]
