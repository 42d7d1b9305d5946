"""How somebody becomes known: the intake wizard, and one typed line."""
