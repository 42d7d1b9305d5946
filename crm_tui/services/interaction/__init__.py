"""Verbs of calls, meetings and messages."""
