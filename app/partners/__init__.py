"""Adapters: one folder per agency, HTTP out, no database. Their words stay in their folder's `wire.py`."""
