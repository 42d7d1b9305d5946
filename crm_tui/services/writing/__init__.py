"""Verbs of letters that are written: drafts, templates, the outbox."""
