"""Route maps: the catalogue, the editor, the flight simulator."""
