"""Calls, meetings and messages: their form, the journal, the briefing before one."""
