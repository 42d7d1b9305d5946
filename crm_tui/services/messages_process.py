"""The sentences of errors of route maps and processes (see ``messages``)."""

from crm_tui.i18n import N_

ERRORS: dict[str, str] = {
    "outcome_missing": N_("Say how the step ended: it has several outcomes."),
    "outcome_unknown": N_("The step has no outcome {outcome}."),
    "process_ended": N_("This process has ended."),
    "process_log": N_("What is written down of this process does not fit its route map."),
    "process_started": N_("This process was started before."),
    "route_shape": N_("{place}: this is not how a route map is written."),
    "route_too_big": N_("The map has {points} points: at most {most} are read."),
    "route_unknown": N_("{place}: there is no setting {name}."),
    "route_value": N_("{place}: {value} is no value of {name}."),
    "token_not_waiting": N_("This step is not open any more: look at the process again."),
}
