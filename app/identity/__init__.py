"""People, callers, roles and tokens."""
