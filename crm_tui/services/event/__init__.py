"""Verbs of events and working calendars."""
