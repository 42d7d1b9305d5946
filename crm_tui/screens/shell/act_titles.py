"""What the journal calls an act (``task.done``), in words: after an undo, in the history of a record."""

from crm_tui.commands import registry
from crm_tui.i18n import N_, _

PLACES = {
    "event": "calendar",
    "filter": "filters",
    "folder": "folders",
    "letter": "mail",
    "mail_rule": "rules",
    "notification": "notifications",
    "product": "products",
    "purpose": "purposes",
    "reminders": "reminder",
    "route_map": "maps",
    "row_look": "row_looks",
    "scenario": "scenarios",
    "task": "tasks",
    "template": "templates",
    "trigger": "triggers",
}
"""What a verb works on → the place of its command."""
VERBS = {"add": "new", "change": "edit", "create": "new", "enable": "toggle", "remove": "delete"}
"""A verb → the command that carries it out, where both are not called alike."""
COMMANDS = {
    "company.currency": "everywhere.currency",
    "calendar.country": "work_calendar.change",
    "calendar.day": "work_calendar.add",
    "calendar.days": "work_calendar.days",
    "calendar.drop": "work_calendar.drop",
    "calendar.drop_day": "work_calendar.remove",
    "calendar.import": "work_calendar.import",
    "calendar.week": "work_calendar.change",
    "interaction.answer": "interaction.held",
    "interaction.log": "interaction.new",
    "interest.add_line": "parts.add",
    "interest.add_person": "parts.add",
    "interest.change_line": "parts.change",
    "interest.plan_receipt": "parts.add",
    "interest.receive": "parts.change",
    "interest.remove_line": "parts.remove",
    "interest.remove_person": "parts.remove",
    "interest.remove_receipt": "parts.remove",
    "interest.role": "parts.change",
    "interest.take_sum": "parts.sum",
    "mail.agree_deletions": "everywhere.agree_deletions",
    "party.merge": "everywhere.merge",
    "personal.erase": "everywhere.erase_person",
    "process.start": "everywhere.start_process",
    "process.terminate": "card_processes.end",
    "processes.set_edition": "everywhere.edition",
    "processes.switch": "everywhere.business_processes",
    "scenario.change_state": "scenarios.change",
    "scenario.remove_state": "scenarios.remove",
    "segment.delete": "records.drop_segment",
    "segment.keep": "records.keep",
    "task.change": "tasks.edit",
}
"""An act → the command that it comes of, where neither place nor verb says it."""
ACTS = {
    "account.add": N_("Add a mail account"),
    "account.change": N_("Change a mail account"),
    "account.login": N_("Change a mail account"),
    "account.remove": N_("Stop using a mail account"),
    "checklist.move": N_("Another order"),
    "contacts.import": N_("Import of contact persons"),
    "demo.people": N_("Demo company"),
    "demo.year": N_("Demo company"),
    "custom_fields.move": N_("Another order"),
    "customers.import": N_("Import of customers"),
    "event.add": N_("New event"),
    "inquiry.accept": N_("Accept inquiry"),
    "interest.check": N_("Checklist item"),
    "interests.import": N_("Import of Interests"),
    "leads.import": N_("Import of leads"),
    "mail.opened": N_("Read or unread"),
    "mail_rule.shift": N_("Another order"),
    "process.stop": N_("End of a process"),
    "process.tick": N_("Processes by the clock"),
    "purpose.move": N_("Another order"),
    "route_map.import": N_("Import of a map"),
    "row_look.move": N_("Another order"),
    "scenario.move_state": N_("Another order"),
    "task.add": N_("New task"),
    "words.move": N_("Another order"),
}
"""Titles of acts that no command is named after."""


def title_of_act(code: str) -> str:
    """What the journal calls ``task.done``, in the words of the command tables where they have it."""
    if code in ACTS:
        return _(ACTS[code])
    scope, _dot, verb = code.partition(".")
    if verb == "restore":
        return _("Back from the trash")
    place = PLACES.get(scope, scope)
    for name in (COMMANDS.get(code, code), f"{place}.{verb}", f"{place}.{VERBS.get(verb, verb)}"):
        command = registry.by_id().get(name)
        if command is not None:
            return _(command.title)
    return code
