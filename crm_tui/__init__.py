"""crm_tui: a keyboard-driven CRM workstation in a terminal."""

__version__ = "0.1.0"
