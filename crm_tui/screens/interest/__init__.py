"""Interests: list, board, card, and what sales are made of."""
