"""The throw-away demo company and its mail server on loopback."""
