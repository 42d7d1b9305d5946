"""The calendar, and working time."""
