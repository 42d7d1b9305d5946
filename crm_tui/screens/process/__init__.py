"""Processes that run, and triggers."""
