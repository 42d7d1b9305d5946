"""What kinds of documents there are, and what statuses: code → name (a source text)."""

from collections.abc import Mapping

from crm_tui.i18n import N_

KINDS: Mapping[str, str] = {
    "proposal": N_("Proposal"),
    "invoice": N_("Invoice"),
    "contract": N_("Contract"),
    "act": N_("Act"),
    "letter": N_("Letter"),
    "other": N_("Document"),
}
STATUSES: Mapping[str, str] = {
    "draft": N_("draft"),
    "sent": N_("sent"),
    "agreed": N_("agreed"),
    "signed": N_("signed"),
    "paid": N_("paid"),
    "cancelled": N_("cancelled"),
}
