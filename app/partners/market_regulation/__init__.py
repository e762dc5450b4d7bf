"""市场监管: trades and firms of a person. XML over mutual TLS."""
