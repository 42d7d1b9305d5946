"""Sentences about the demo."""

from crm_tui.i18n import N_

ERRORS: dict[str, str] = {
    "demo_is_open": N_(
        "The demo is open in another window; leave it there first: it would be made anew under it."
    ),
    "demo_out_of_range": N_("A demo has between {smallest} and {largest} letters, in en, ru, uk or kk."),
    "demo_server_failed": N_("The demo's mail server does not start. Make the demo anew: crm demo --reset"),
    "not_a_demo": N_("{folder} holds something that is no demo; it is left alone."),
}
