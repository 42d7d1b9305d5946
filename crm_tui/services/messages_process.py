"""The sentences of errors of route maps and processes (see ``messages``)."""

from crm_tui.i18n import N_

ERRORS: dict[str, str] = {
    "action_setting_missing": N_("The action lacks {names}."),
    "bpmn_broken": N_("The flow or element {element} of this file does not fit the others."),
    "bpmn_none": N_("There is no process of BPMN 2.0 in this file."),
    "bpmn_settings": N_("{element}: the settings of a route map in this file cannot be read."),
    "bpmn_several": N_("There are several processes in this file ({names}): keep one in it."),
    "bpmn_unsupported": N_("{called}: a route map knows no {element}."),
    "calendar_day_not_own": N_("Nothing is written about this day in this calendar."),
    "calendar_of_company": N_("Only a calendar of one's own can be deleted."),
    "calendar_file": N_("This is no calendar file (.ics) that can be read."),
    "calendar_file_big": N_("The calendar file is too big: at most {most} KB are read."),
    "due_by_process": N_("The process {process} says until when {title} is to be done."),
    "early_end_needs_reason": N_("Choose why the process is ended early."),
    "edition_without_processes": N_("The edition {edition} has no processes (:edition)."),
    "field_not_settable": N_("{field} is no field that a rule may set."),
    "field_setting_shape": N_("{value}: say which field gets which value, like source=site."),
    "interest_is_closed": N_("{name} is closed: no process can control it."),
    "map_changed_meanwhile": N_(
        "Somebody else changed {map} meanwhile: it is shown as it is now. Do it once more."
    ),
    "map_demanded_already": N_("This is demanded already."),
    "map_event_taken": N_(
        "{other} starts on the same occasion: suspend it first, or give {map} another scenario."
    ),
    "map_is_nested": N_("{other} waits for processes of {map}: suspend {other} first."),
    "map_nested_object": N_("{map} is an object process: only an independent process can be nested."),
    "map_no_conditions": N_("There is nothing that a condition could ask about here."),
    "map_no_instruction": N_("Only a step has an instruction."),
    "map_no_lines": N_("Only a step has demands and rules."),
    "map_no_rule_here": N_("Choose a rule first."),
    "map_no_state_here": N_("Nothing goes into a state here."),
    "map_not_in_force": N_("{map} is not in force."),
    "map_not_sound": N_("{map} cannot be put in force: {first}"),
    "map_not_whole": N_(
        "{map} has gaps that must be mended before it can be walked through: check it first."
    ),
    "map_of_other_kind": N_("The map {map} is for other cards."),
    "map_of_other_scenario": N_("The map {map} is for another scenario."),
    "map_one_field": N_("A field is filled in or not: there is no number of it."),
    "map_one_way": N_("One way leads on from {point}: put a choice or a split there first."),
    "map_only_draft": N_("{map} was never in force: there is nothing to go back to."),
    "map_outcome_in_graph": N_(
        "Outcomes are made and deleted in the drawing: b gives the step one more way, D takes one away."
    ),
    "map_performer_missing": N_("Say which user or role performs the step."),
    "map_point_gone": N_("This point is not in the map any more."),
    "map_way_without_name": N_("This way has no name."),
    "migrate_join_changed": N_(
        "Which branches have come to {point} already cannot be told in version {version}."
    ),
    "migrate_no_way_on": N_(
        "From {point} version {version} has no way on: other branches wait for each other there."
    ),
    "migrate_nothing": N_("No process is to be moved to version {version}."),
    "migrate_other_kind": N_(
        "Version {version} is for other cards, or owns the state where the one before did not."
    ),
    "migrate_other_map": N_("This is a version of another map: {map}."),
    "migrate_other_scenario": N_("Version {version} is for another scenario."),
    "migrate_point_gone": N_("{point} is gone in version {version}: say where its processes go on."),
    "no_colleagues": N_("Nobody else works with this store."),
    "no_early_termination": N_("The map {process} does not allow to end it early."),
    "no_map_to_start": N_("No map in force can be started here."),
    "no_performer": N_("Nobody performs this step."),
    "no_process_here": N_("No process is to be gone on with here."),
    "no_processes_here": N_(
        "Processes run on Interests, customers, contact persons, leads and documents only."
    ),
    "no_such_action": N_("There is no action {action}."),
    "no_such_card_kind": N_("{kind} is no kind of card that processes run on."),
    "no_such_edition": N_("{value} is no edition: base, prof or corp."),
    "no_such_event": N_("There is no event {event}; a time of day is written like 19:00."),
    "no_such_map": N_("There is no route map {code}."),
    "no_such_version": N_("The map has no version {number}."),
    "no_such_template": N_("There is no template {name}."),
    "no_such_user": N_("There is no user {name}."),
    "no_working_time": N_("The calendar has no {amount} {unit} of working time in ten years."),
    "not_a_count": N_("{value} is no number between 1 and 100."),
    "outcome_missing": N_("Say how the step ended: {outcomes}."),
    "outcome_unknown": N_("The step has no outcome {outcome}."),
    "point_lies_ahead": N_("{point} lies ahead: nothing is known of it yet."),
    "process_action_failed": N_("The map cannot go on at “{action}”: {because}"),
    "process_circles": N_("it goes in circles, or no way on holds"),
    "process_ended": N_("This process has ended."),
    "process_fault": N_("a fault of the program: crm doctor says where it is written down"),
    "process_is_nested": N_("It belongs to the process {process}: end that one."),
    "process_log": N_("What is written down of this process does not fit its route map."),
    "process_not_stopped": N_("The process {process} was not stopped."),
    "process_started": N_("This process was started before."),
    "processes_off": N_("Business processes are switched off (:business_processes)."),
    "record_not_found": N_("{value}: found {count}, and one is needed."),
    "replay_not_interest": N_("Only maps of Interests can be tried on the past: {map} is for other cards."),
    "route_code": N_("{value} is no code of a map: small Latin letters, digits and _, such as sale_quick."),
    "route_edit_across": N_(
        "{point}: a way can lead into a parallel branch or out of it only by split and join."
    ),
    "route_edit_circle": N_("{point} would lead to itself at once, without anybody doing anything."),
    "route_edit_cut_off": N_("Nothing would lead to {point} any more: lead a way there first, or delete it."),
    "route_edit_default": N_("This is the way taken when no condition holds: it has none, and it stays."),
    "route_edit_end_in_branch": N_(
        "{point}: a parallel branch goes on to its join; only an unsuccessful end can stand in it."
    ),
    "route_edit_join": N_(
        "{point}: each branch comes to its join once. Put a step there first, where the ways meet."
    ),
    "route_edit_no_branch": N_("Choose a branch of a split first."),
    "route_edit_no_end": N_("From {point} no end would be reached any more."),
    "route_edit_no_join": N_("The branches of {point} meet nowhere."),
    "route_edit_not_moved": N_("{point} cannot be moved there."),
    "route_edit_not_on_a_way": N_("This cannot stand on a way."),
    "route_edit_only_way": N_("{point} has no other way on."),
    "route_edit_start": N_("A map has one start: it stays."),
    "route_edit_to_start": N_("No way leads back to the start: lead it to the first step."),
    "route_file_big": N_("The file is too big for a route map: at most {most} KB are read."),
    "route_loose": N_("{place}: a way to {target} does not begin or does not end at a point."),
    "route_not_text": N_("This file is no text in UTF-8."),
    "route_shape": N_("{place}: this is not how a route map is written."),
    "route_toml": N_("Line {line} is no TOML: {reason}."),
    "route_too_big": N_("The map has {points} points: at most {most} are read."),
    "route_twice": N_("Two points of the map are called {place}."),
    "route_unknown": N_("{place}: there is no setting {name}."),
    "route_value": N_("{place}: {value} is no value of {name}."),
    "state_of_map": N_(
        "The map {map} leads Interests into {state}: it stays as it is while the map is in force or runs."
    ),
    "step_result_missing": N_("Say what came of it: {step} asks for the result."),
    "step_is_done": N_("This step is completed, or its process has ended."),
    "step_of_several": N_("The process waits at {steps}: say at which step."),
    "step_not_ready": N_("Missing on {step}: {missing}"),
    "task_of_process": N_(
        "{title} belongs to the process {process}: complete it, give it to another, or end the process."
    ),
    "token_not_waiting": N_("This step is not open any more: look at the process again."),
    "trigger_does_nothing": N_("Say what the trigger does: between one thing and {most}."),
    "unknown_country": N_("{value} is no country whose holidays are known here: RU, UA, KZ, BY, UZ or KG."),
    "week_without_work": N_("Some work must be done in a week."),
    "working_days_line": N_(
        "Line {line} is no day of a calendar: {value}. Write it like 2026-12-31; 9-16; Short day."
    ),
    "working_hours": N_("{value} are no working hours: write them like 9-18, or 9:00-13:00, 14:00-18:00."),
    "xml_broken": N_("Line {line} is no XML: {reason}."),
    "xml_doctype": N_("A document type is not read: delete <!DOCTYPE …> from the file."),
    "xml_file_big": N_("The file is too big: at most {most} KB are read."),
    "xml_too_big": N_("The file has too many elements, or too deep ones: at most {most} are read."),
}

REASONS: dict[str, str] = {
    "no_client": N_("not sent: neither a lead nor a contact person"),
    "no_email": N_("not sent: the lead has no e-mail"),
    "no_mailing_email": N_("not sent: no e-mail for mailing"),
    "no_mobile": N_("not sent: no mobile phone"),
    "no_performer": N_("not sent: nobody performs the step"),
    "no_performer_email": N_("not sent: the performer has no e-mail"),
    "no_account": N_("not sent: no account of the owner, the map or the inquiry can send"),
    "client_in_trash": N_("not sent: whom it is for lies in the trash"),
    "no_template": N_("not sent: there is no such template"),
    "template_broken": N_("not sent: the template cannot be read"),
    "needs_attention": N_("needs attention, not sent: no value for"),
    "no_sms": N_("not sent: no program sends text messages (sms.command)"),
    "not_done": N_("not done"),
}
"""Why a notification was not sent; source texts."""

NOTIFICATIONS: dict[str, str] = {
    "process_notice_held": N_("{name}, {step}: {target}: {reason} {detail}"),
    "process_step_again": N_(
        "{process}: {step}, {name}: its task was closed while processes were switched off; it waits again."
    ),
    "sms_failed": N_("The text message to {number} was not sent: {detail}"),
    "sms_uncertain": N_("The text message to {number} was sent or not, nobody can tell. {detail}"),
    "trigger_digest": N_("{trigger}: {count}: {names}"),
    "trigger_failed": N_("The trigger {trigger} could not act on {name}: {reason} {detail}"),
    "trigger_stopped": N_("The trigger {trigger} set itself off again and again: it is switched off."),
}
"""What is told of processes and triggers."""
