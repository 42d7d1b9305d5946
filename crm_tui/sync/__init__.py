"""Mail servers and the clock: the drivers that need no person."""
