"""Answers kept for retries: one per key, written in the transaction of its effect."""
