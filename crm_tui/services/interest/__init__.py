"""Verbs of the Interest: its state, products, receipts, people, checklists."""
