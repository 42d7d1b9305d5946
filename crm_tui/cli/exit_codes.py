"""Exit codes of the commands: stable, for scripts."""

from collections.abc import Iterable

from crm_tui.domain import errors
from crm_tui.i18n import N_, _

OK, FAILED, USAGE, NOTHING_FOUND, LOGIN, CONFLICT, NETWORK, CONFIG = range(8)
INTERRUPTED = 130

MEANINGS = {
    OK: N_("done"),
    FAILED: N_("failed or refused"),
    USAGE: N_("wrong usage"),
    NOTHING_FOUND: N_("nothing found"),
    LOGIN: N_("a login is needed or was refused"),
    CONFLICT: N_("changed or locked by another program"),
    NETWORK: N_("a server cannot be reached; try later"),
    CONFIG: N_("the settings cannot be used"),
    INTERRUPTED: N_("interrupted"),
}

_OF_ERRORS: tuple[tuple[type[errors.CrmError], int], ...] = (
    (errors.NotFound, NOTHING_FOUND),
    (errors.LoginRefused, LOGIN),
    (errors.Conflict, CONFLICT),
    (errors.StoreBusy, CONFLICT),
    (errors.NetworkTrouble, NETWORK),
    (errors.BadConfig, CONFIG),
    (errors.Invalid, USAGE),
)
_MOST_URGENT = (LOGIN, CONFIG, FAILED, CONFLICT, NETWORK, NOTHING_FOUND, USAGE)


def of_error(error: errors.CrmError) -> int:
    """The exit code that tells of an error."""
    return next((code for kind, code in _OF_ERRORS if isinstance(error, kind)), FAILED)


def of_errors(found: Iterable[errors.CrmError]) -> int:
    """The exit code for several errors: the one that needs a person most; OK for none."""
    codes = {of_error(error) for error in found}
    return next((code for code in _MOST_URGENT if code in codes), OK)


def explained() -> str:
    """All codes with their meanings, in one line."""
    return ", ".join(f"{code} {_(meaning)}" for code, meaning in MEANINGS.items())
