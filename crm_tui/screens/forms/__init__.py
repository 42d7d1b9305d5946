"""The dialogs that everything is typed into: forms, prompts, reports."""
