"""Corrections that citizens ask for: what is wrong, what would be right, and what became of it."""
