"""住房公积金: deposits of an employer and what has come together. Forms and JSON, signed with HMAC-SM3."""
