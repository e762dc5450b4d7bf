"""What a changed set of numbers would mean for the caseload: who would get more, less, something at all; at what cost.

The rules are the product's own: each household is judged twice, by the numbers in force and by the changed ones. A
household goes through and is forgotten; what stays are the sums of its county.
"""
