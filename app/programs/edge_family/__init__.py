"""低保边缘家庭, edge families: just above the allowance, with a claim to aid in illness, schooling, homes and work."""
