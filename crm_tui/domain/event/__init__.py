"""Dates in words, recurrence, working time."""
