"""Customers, contact persons, leads and legal entities."""
