"""What a phone may do."""
