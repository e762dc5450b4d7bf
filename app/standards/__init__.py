"""Standards and parameters as they change: drafted by one person, put in force by another, by a published document."""
