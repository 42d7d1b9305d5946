"""Verbs of mail accounts."""
