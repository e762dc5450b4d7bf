"""Moving an award with its household to another county."""
