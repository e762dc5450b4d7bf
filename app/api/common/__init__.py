"""What all audiences share: sessions, callers, problem details, paging."""
