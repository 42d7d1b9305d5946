"""Accepting and declining inquiries."""
