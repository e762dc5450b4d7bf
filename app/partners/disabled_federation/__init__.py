"""残联: the disability certificate. Forms, and JSON with codes in Chinese."""
