"""Documents and files of a card."""
