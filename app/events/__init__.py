"""Events, kept with the change they tell of, and the jobs they start."""
