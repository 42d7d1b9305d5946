"""Rules of letters: threads, flags, templates, mailing lists."""
