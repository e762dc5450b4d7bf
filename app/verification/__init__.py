"""Stage 2: checks per agency and item, the household report."""
