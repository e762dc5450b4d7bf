"""Planted people with unmistakable markers in every personal field, and the search for those markers in clear."""
