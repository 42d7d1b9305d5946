"""Letters as they are written and sent: the editor, templates, the address book, the outbox."""
