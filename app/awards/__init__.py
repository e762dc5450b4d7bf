"""Who is entitled to how much from which month: the award that a decision opens, its suspension and its end."""
