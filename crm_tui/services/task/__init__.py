"""Verbs of tasks, reminders and notifications."""
