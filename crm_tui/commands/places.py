"""What the scopes are called in help and docs."""

from crm_tui.i18n import N_

HEADINGS = {
    "everywhere": N_("Everywhere"),
    "list": N_("In lists"),
    "mail": N_("Mail"),
    "tasks": N_("My Tasks"),
    "calendar": N_("Calendar"),
    "interest": N_("Interests"),
    "today": N_("Today"),
    "reminder": N_("Reminders"),
    "compose": N_("Writing a letter"),
    "review": N_("Before a letter is sent"),
    "form": N_("Forms and dialogs"),
}
