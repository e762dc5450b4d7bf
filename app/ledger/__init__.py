"""Money as it stands in the books: double entry, integer fen, append-only."""
