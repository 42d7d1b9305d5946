"""The IMAP gateway: the only code that touches imapclient and imaplib."""
