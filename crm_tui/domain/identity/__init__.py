"""Names, addresses, numbers: one form to compare by, and who may be the same."""
