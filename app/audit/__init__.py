"""Who did, or saw, what."""
