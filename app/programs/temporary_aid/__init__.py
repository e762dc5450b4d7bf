"""临时救助, temporary aid: help once, after something sudden or an expense that a household cannot bear."""
