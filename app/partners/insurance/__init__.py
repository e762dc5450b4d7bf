"""保险: cash value of policies. XML files over mutual TLS."""
