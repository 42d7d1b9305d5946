"""One function a verb: open a unit of work, ask the domain, write, commit."""
