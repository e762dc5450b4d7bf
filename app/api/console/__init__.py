"""What a caseworker may do."""
