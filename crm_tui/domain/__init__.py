"""Pure rules: no I/O, no SQL, no Textual, no clock of their own."""
