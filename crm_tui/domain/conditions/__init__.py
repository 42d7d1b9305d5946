"""Conditions over the fields of records, and which fields those are."""
