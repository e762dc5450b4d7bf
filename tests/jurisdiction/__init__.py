"""Who sees what, told to the database itself."""
