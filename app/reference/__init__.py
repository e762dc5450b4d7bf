"""Reference: divisions, published standards, regional parameters and the working-day calendar, each with its dates."""
