"""What argparse itself says, in our languages: it asks gettext for a catalogue that nobody has."""

import argparse

from crm_tui.i18n import N_, _

WORDS = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("not allowed with argument %s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
)
"""The texts of argparse that a person can meet; a text that another Python words otherwise stays English."""


def translate() -> None:
    """Have argparse look into our catalogues from now on."""
    vars(argparse)["_"] = _
