"""The sentences of errors of conditions, filters and processing rules (see ``messages``)."""

from crm_tui.i18n import N_

ERRORS: dict[str, str] = {
    "condition_field": N_("There is no field {field} to ask about."),
    "condition_operator": N_("{field} cannot be compared so: {operator}."),
    "condition_shape": N_("This is no condition."),
    "condition_too_big": N_("This asks for too much at once: at most {most}."),
    "condition_too_deep": N_("Conditions within conditions go {most} deep, no further."),
    "condition_value": N_("{field}: {value} is no value for it."),
    "condition_value_missing": N_("{field}: say what it is compared with."),
    "filter_is_folder": N_("{name} is a folder: choose a filter in it."),
    "filter_of_another": N_("This filter belongs to somebody else."),
    "filter_shared_right": N_(
        "Changing everybody's filters needs the right to edit shared filters; keep it among yours."
    ),
    "filter_ready_made": N_(
        "This filter comes with the program: apply it, and keep a changed one under a name."
    ),
    "filter_unknown": N_("{name} asks for what this program does not know: it was made by a newer one."),
    "look_of_everything": N_("Say which rows are to be marked."),
    "look_unknown": N_("It asks for what this program does not know: say anew which rows it is for."),
    "look_without_mark": N_("Choose a mark: colour alone says nothing on every terminal."),
    "no_such_style": N_("There is no style {name}."),
    "too_many_looks": N_("There are {most} looks already: delete one first."),
    "no_such_filter": N_("There is no saved filter {name}."),
    "no_such_filter_among": N_("There is no saved filter {name}; there are: {known}."),
    "filter_name_missing": N_("Give the filter a name."),
    "filter_nothing_to_save": N_("Nothing is filtered now: f filters."),
    "filter_into_itself": N_("A folder cannot lie in itself."),
    "filter_folder_not_empty": N_("{name} is not empty: move or delete what lies in it first."),
    "rule_action_unknown": N_("This is no action of a rule: {action}."),
    "rule_does_nothing": N_("Say what the rule does."),
    "rule_folder_gone": N_("The folder that the rule puts letters into is gone."),
    "rule_forwards_to_itself": N_("The rule would send letters to the mailbox that they come from."),
    "rule_keyword": N_("{word} is no keyword: a word of Latin letters without spaces."),
    "rule_record_gone": N_("What the rule links letters to is gone."),
    "rule_without_condition": N_("Say which letters the rule is for."),
    "rule_names_the_day": N_("The rule of this series names its days: move one, or change the rule with e."),
}
