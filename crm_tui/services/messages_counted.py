"""The sentences of errors that count something, in both numbers (see ``messages``)."""

from crm_tui.i18n import NN_

COUNTED: dict[str, tuple[str, tuple[str, str]]] = {
    "folder_not_empty": (
        "count",
        NN_(
            "“{folder}” holds {count} letter. It would go to the trash.",
            "“{folder}” holds {count} letters. They would go to the trash.",
        ),
    ),
    "folder_not_here": (
        "count",
        NN_(
            "“{folder}” holds {count} letter on the server that was never brought here.",
            "“{folder}” holds {count} letters on the server that were never brought here.",
        ),
    ),
    "name_too_long": (
        "most",
        NN_("The name is too long: {most} sign at most.", "The name is too long: {most} signs at most."),
    ),
    "password_command_timeout": (
        "seconds",
        NN_(
            "The password command did not answer within {seconds} second.",
            "The password command did not answer within {seconds} seconds.",
        ),
    ),
    "program_does_not_end": (
        "seconds",
        NN_(
            "{program} did not end within {seconds} second.",
            "{program} did not end within {seconds} seconds.",
        ),
    ),
}
"""Code → the fact that is counted, and the two numbers of its sentence."""
ERRORS = {code: many for code, (_fact, (_one, many)) in COUNTED.items()}
