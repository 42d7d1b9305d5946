"""Reads for lists and cards: columns in, plain rows out."""
