"""Opening one masked field, for a purpose and on record."""
