"""What can be done: plain tables of commands, from which key, palette, help, docs and CLI come."""
