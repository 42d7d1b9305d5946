"""The sentences of errors of route maps and processes (see ``messages``)."""

from crm_tui.i18n import N_

ERRORS: dict[str, str] = {
    "route_shape": N_("{place}: this is not how a route map is written."),
    "route_too_big": N_("The map has {points} points: at most {most} are read."),
    "route_unknown": N_("{place}: there is no setting {name}."),
    "route_value": N_("{place}: {value} is no value of {name}."),
}
