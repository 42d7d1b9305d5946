"""The demo company's own mail server: IMAP4rev1 and submission, on loopback only, in a process of its own."""
