"""Processes at work, and triggers."""
