"""The edge: HTTP and nothing else, one folder per audience."""
