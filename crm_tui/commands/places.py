"""What the scopes are called in help and docs."""

from crm_tui.i18n import N_

HEADINGS = {
    "everywhere": N_("Everywhere"),
    "list": N_("In lists"),
    "mail": N_("Mail"),
    "files": N_("Files of a letter"),
    "tasks": N_("My Tasks"),
    "calendar": N_("Calendar"),
    "interest": N_("Interests"),
    "parts": N_("Card of an Interest"),
    "board": N_("Board of Interests"),
    "scenarios": N_("Scenarios"),
    "checklist": N_("Checklist of a state"),
    "products": N_("Products"),
    "today": N_("Today"),
    "reminder": N_("Reminders"),
    "notifications": N_("Notifications"),
    "folders": N_("Mail folders"),
    "accounts": N_("Mail accounts"),
    "compose": N_("Writing a letter"),
    "review": N_("Before a letter is sent"),
    "outbox": N_("Outbox"),
    "settings": N_("Settings"),
    "filter": N_("Filter"),
    "filters": N_("Saved filters"),
    "condition": N_("Conditions"),
    "templates": N_("Templates"),
    "rules": N_("Processing rules"),
    "rule": N_("Processing rule"),
    "form": N_("Forms and dialogs"),
}
