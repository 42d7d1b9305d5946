"""Errors and notifications as sentences for a person: what happened, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _, ngettext
from crm_tui.services import (
    messages_counted,
    messages_crm,
    messages_demo,
    messages_mail,
    messages_process,
    messages_sorting,
)

_PARTS = (messages_crm, messages_counted, messages_demo, messages_mail, messages_process, messages_sorting)
ERRORS: dict[str, str] = {
    "act_done_already": N_("The server knows this by now."),
    "act_stays": N_("This cannot be held back here; u takes back what was done last."),
    "already_decided": N_("This letter was decided before: {status}."),
    "already_in_state": N_("It is in the state {state} already."),
    "backup_failed_check": N_("The backup of {path} is not whole; it was not kept."),
    "bad_openers": N_("{value} names no type and program: the setting mail.openers is like image/* feh"),
    "cannot_read": N_("Cannot read {path}: {reason}."),
    "cannot_be_done": N_("This has nothing to be done."),
    "cannot_write": N_("Cannot write to {path}: {reason}."),
    "hook_refused": N_("{hook} is against it: {reason}"),
    "hooks_insecure": N_("Hooks are not run: others may write to {path}. Mend it: chmod go-w {path}"),
    "cannot_start": N_("{program} cannot be started: {reason}."),
    "changed_meanwhile": N_(
        "Somebody changed this meanwhile; your text is kept, look at the new state first."
    ),
    "decline_needs_reason": N_("This account asks for a reason when a letter is declined."),
    "disk_full": N_("The disk is full ({path}). Nothing was changed; make room and try again."),
    "editor_failed": N_("{program} ended with an error ({code}): the text is as it was."),
    "editor_missing": N_("{program} cannot be started: {reason}."),
    "editor_needs_terminal": N_("Here no other program can have the terminal: write in the field."),
    "event_date_missing": N_("Say when: fri 15:00, tomorrow, every weekday 9:30."),
    "event_ends_before_start": N_("The end is before the start."),
    "in_the_trash": N_("{name} is in the trash."),
    "invitation_is_older": N_(
        "A later letter about this meeting was taken into the calendar: nothing was changed."
    ),
    "invitation_is_answer": N_(
        "This is an answer to an invitation; there is nothing to take into the calendar."
    ),
    "invitation_wants_no_answer": N_("This letter asks for no answer."),
    "lead": N_("{value} is not a time before the start: 15m, 2h, 1d."),
    "lead_needs_reason": N_("Say why nothing will come of it."),
    "lead_not_lost": N_("{name} is not lost."),
    "lead_not_open": N_("{name} is closed: {status}."),
    "link_refused": N_("This address is never opened: {url}"),
    "letter_uncertain": N_("Nobody can tell whether this letter was sent: look into Sent, then say so here."),
    "lost_needs_reason": N_("Say why it is closed as {state}."),
    "migration_broke_references": N_("The upgrade of the store was taken back: rows would have lost others."),
    "meeting_not_in_calendar": N_("This meeting is not in the calendar."),
    "meeting_was_cancelled": N_("Its organiser has cancelled this meeting since: nothing was changed."),
    "name_missing": N_("The name is missing."),
    "needs_a_person": N_("Only a person can do this."),
    "no_editor": N_("No editor is named: set EDITOR, for example to nano."),
    "no_invitation": N_("This letter brings no invitation."),
    "no_interest_here": N_("This letter belongs to no Interest yet. a: accept it."),
    "no_open_task": N_("No task is open here."),
    "no_templates": N_("There is no template yet. g y writes one."),
    "no_opener": N_("Nothing here can open {kind}: save the file with s, or name a program in mail.openers."),
    "no_such_backup": N_("There is no backup {path}."),
    "no_such_contact_kind": N_("{kind} is no kind of address or number."),
    "no_such_record": N_("This is not there any more."),
    "no_such_scenario": N_("There is no scenario {code}."),
    "no_such_word": N_("{value} is not in the list {list}."),
    "not_a_picture": N_("{name} is not a picture."),
    "not_a_short_code": N_("{value} is no short code: letters, digits and hyphens, without a space."),
    "not_a_task": N_("This is not a task."),
    "not_an_inquiry": N_("This is not an inquiry."),
    "unknown_field": N_("There is no field {name}; the fields are: {fields}."),
    "loose_brace": N_("A brace in {template} belongs to no field; written twice it is a brace."),
    "not_a_date": N_("{value} is not a date that I understand."),
    "not_a_number": N_("{value} is not a whole number."),
    "not_a_number_of_days": N_("{value} is not a number of days."),
    "not_a_program": N_("{value} is not a program with its arguments."),
    "not_a_phone": N_("{value} is not a phone number in use."),
    "not_a_rule": N_("{value} is not a rule of recurrence."),
    "not_an_address": N_("{value} is not an e-mail address."),
    "not_an_amount": N_("{value} is not an amount."),
    "not_in_the_trash": N_("{name} is not in the trash."),
    "not_kept": N_("What is made here is not kept: Ctrl+S keeps it; the same key once more gives it up."),
    "not_planned": N_("This is not planned any more."),
    "nothing_chosen": N_("Nothing is chosen here."),
    "nothing_to_redo": N_("There is nothing to do again."),
    "nothing_to_undo": N_("There is nothing to take back."),
    "placeholders_empty": N_("Something of a template has no value yet: {names}."),
    "organiser_unknown": N_("The invitation does not say who could be answered."),
    "recurrence": N_("This rule of recurrence is not understood."),
    "result_missing": N_("Say what came of the call."),
    "row_damaged": N_("A row of the store is damaged: {detail}. Run crm check."),
    "schema_newer": N_("This store was written by a newer version of the program; update the program."),
    "setting_from_environment": N_("The variable {variable} sets this: change it there."),
    "setting_refused": N_("{value} {reason}."),
    "settings_file_unreadable": N_("{path} is not understood: {reason}"),
    "short_code_taken": N_("The short code {code} belongs to {name}."),
    "state_of_other_scenario": N_("The state {state} belongs to another scenario."),
    "stopped": N_("It was stopped before its end."),
    "store_busy": N_("Another program holds the store: {operation} (process {pid}). Nothing was changed."),
    "store_cannot_open": N_("The store {path} cannot be opened: {detail}."),
    "store_corrupt": N_(
        "The store {path} is damaged. Nothing was written; put a backup in its place: crm restore"
    ),
    "store_in_use": N_("Another program (process {pid}) has the store open: end it first."),
    "store_io_error": N_(
        "The disk under {path} reports a fault. Nothing more is written; look after the disk."
    ),
    "store_is_symlink": N_("{path} is a link; the store must be a file of its own."),
    "store_locked": N_("Another program holds the store {path}. Nothing was changed."),
    "store_not_a_file": N_("{path} is not a file."),
    "store_read_only": N_("The store {path} may only be read."),
    "daemon_running": N_("A daemon works on this store already (process {pid})."),
    "task_not_open": N_("This task is finished."),
    "template_field": N_("There is no field {name}."),
    "template_syntax": N_("Line {line} of the template is not understood: {what}"),
    "template_too_long": N_("The template is too long."),
    "time_is_past": N_("{value} is past."),
    "time_missing": N_("{value} has no time of day."),
    "too_many_namesakes": N_("Too many files are named like {name}."),
    "undo_changed_since": N_("Cannot take this back: it has been changed since."),
    "undo_letter_gone": N_("The letter has gone out: that cannot be taken back."),
    "undo_still_used": N_("Cannot take this back: something made later needs it."),
    "unknown_zone": N_("{value} is not a time zone: write it like Europe/Kyiv or Asia/Almaty."),
    "who_missing": N_("Say whose number or address this is."),
    "bad_setting": N_("{value} is no value for {name}: crm config show lists what can be set."),
    "file_exists": N_("{path} is there already; --force replaces it."),
    "no_store": N_("There is no store {path} yet."),
    "no_such_setting": N_("There is no setting {name}: crm config show lists them."),
    "no_such_theme": N_("There is no theme {name}: {known}."),
    "was_merged": N_("{name} was merged into another: take the merge back."),
    "word_is_there": N_("{value} is in the list already."),
} | {code: sentence for part in _PARTS for code, sentence in part.ERRORS.items()}
"""The sentence of each error code; facts of the error stand in braces."""

_IN_WORDS = ("state", "status", "field")
"""Facts that are source texts themselves: names of states, and what was decided."""


def of_error(error: CrmError) -> str:
    """The sentence for an error; a code without one is shown as it is, with its facts."""
    return _sentence(error.code, error.facts) or clean(str(error))


def _sentence(code: str, given: Mapping[str, Any]) -> str:
    pattern = _(ERRORS.get(code, ""))
    if not pattern:
        return ""
    if code in messages_counted.COUNTED:
        fact, forms = messages_counted.COUNTED[code]
        pattern = ngettext(*forms, int(given.get(fact, 0)))
    facts = {
        name: _(value) if name in _IN_WORDS and isinstance(value, str) and value else value
        for name, value in given.items()
    }
    if "because" in given:  # one error that another caused, with its own facts
        facts["because"] = _sentence(given["because"], given.get("facts", {})) or given["because"]
    return clean(pattern.format_map(_Facts(facts)))


def of_notification(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for a notification."""
    if code == "new_letters":
        count = int(facts.get("count", 0))
        return ngettext("{count} new letter", "{count} new letters", count).format(count=count)
    if code == "mass_delete":
        count = int(facts.get("count", 0))
        return clean(
            ngettext(
                "{count} letter vanished from “{folder}” on the server and is kept here: :agree_deletions",
                "{count} letters vanished from “{folder}” on the server and are kept here: :agree_deletions",
                count,
            ).format(count=count, folder=facts.get("folder", ""))
        )
    if code == "pop3_letters_refused":
        count = int(facts.get("count", 0))
        return clean(
            ngettext(
                "The server of {account} does not give {count} letter; it is asked for again every day.",
                "The server of {account} does not give {count} letters; they are asked for again every day.",
                count,
            ).format(count=count, account=facts.get("account", ""))
        )
    if code in ("sending_paused", "rule_failed", "process_stopped"):
        reason = str(facts.get("reason", ""))
        facts = {**facts, "reason": _sentence(reason, facts.get("error", facts)) or reason}
    patterns = {
        "new_letter": N_("New letter: {sender}: {subject}"),
        "customer_waits": N_("The customer waits: {sender} answered on {interest}: {subject}"),
        "sync_failed": N_("Mail of {account} cannot be fetched: {reason}"),
        "rule_failed": N_("The rule {rule} could not act, the letter stays: {reason}"),
        "process_stopped": N_("The process {process} was stopped: {reason}"),
        "rule_passed_over": N_("The rule {rule} was passed over, the text is not fetched: {subject}"),
        "letter_not_sent": N_("Not sent to {address}: {reason}"),
        "folder_kept": N_("“{folder}” was to be deleted, but something new came into it: it is kept."),
        "letter_bounced": N_("Not delivered to {address}: {reason}"),
        "letter_delayed": N_("Not yet delivered to {address}: {reason}"),
        "sending_paused": N_("Letters of {account} wait: {reason}"),
        "folder_refused": N_("The server refuses what was to be done with “{folder}”: {reason}"),
        "letter_uncertain": N_("The letter to {address} was sent or not, nobody can tell: look into Sent."),
    }
    if code in messages_process.NOTIFICATIONS:
        reason = str(facts.get("reason", ""))
        why = (
            _(messages_process.REASONS.get(reason, ""))
            or _sentence(reason, facts.get("error", facts))
            or reason
        )
        facts = {**facts, "reason": why}
    pattern = (patterns | messages_process.NOTIFICATIONS | messages_crm.NOTIFICATIONS).get(code)
    return clean(_(pattern).format_map(_Facts(facts))).rstrip() if pattern else clean(f"{code} {dict(facts)}")


class _Facts(dict[str, Any]):
    """Facts of an error; one that is missing does not spoil the sentence."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(facts)

    def __missing__(self, key: str) -> str:
        return "…"
