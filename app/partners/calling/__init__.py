"""How agencies are called, whoever they are: within a deadline, few at once, and not on and on while one is down."""
