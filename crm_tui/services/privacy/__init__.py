"""What is held of a person: found, counted, handed out, erased."""
