"""Re-verification of whole divisions: who is asked about what, in what order, and what comes of it."""
