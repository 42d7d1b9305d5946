"""The catalogue of route maps."""
