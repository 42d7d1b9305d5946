"""Verbs of documents and files of cards."""
