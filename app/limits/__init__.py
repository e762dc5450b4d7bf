"""How often somebody may ask: the table of policies and their counters."""
