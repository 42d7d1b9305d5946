"""What any card has: its history, own fields, words, gaps, duplicates, personal data."""
