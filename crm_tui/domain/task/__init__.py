"""How much a task presses."""
