"""Verbs of customers, contact persons, leads and legal entities."""
