"""How a process of a card stands, in words."""

from crm_tui.i18n import N_, _, ngettext
from crm_tui.services.process.card_processes import ProcessLine

STATUSES = {
    "running": N_("running"),
    "completed": N_("completed"),
    "terminated": N_("ended early"),
    "stopped": N_("stopped"),
}


def status_text(line: ProcessLine) -> str:
    """Whether it goes on."""
    return _(STATUSES[line.status])


def where_text(line: ProcessLine) -> str:
    """At what it waits; of one that ended the outcome, what was said, why it failed."""
    if line.ended is None:
        said = [", ".join(line.now)]
    else:
        outcome = {True: _("success"), False: _("no success"), None: ""}[line.successful]
        said = [outcome, line.ended_at, line.result, line.reason]
    if line.unsent:
        said.append(
            ngettext("{n} notice not sent", "{n} notices not sent", line.unsent).format(n=line.unsent)
        )
    return " · ".join(part for part in said if part)
