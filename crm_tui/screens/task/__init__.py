"""Tasks, reminders, Today, and handing work over."""
