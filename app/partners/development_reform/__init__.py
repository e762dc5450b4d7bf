"""发改: who was relocated out of poverty. Lines with bars between, in GB18030."""
