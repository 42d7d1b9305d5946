"""Verbs of letters that came: marks, folders, processing rules, files."""
