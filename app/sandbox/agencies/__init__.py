"""One file per agency: its addresses, in its own words."""
