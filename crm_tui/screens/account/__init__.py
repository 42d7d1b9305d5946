"""Mail accounts: the wizard, the list, their settings."""
