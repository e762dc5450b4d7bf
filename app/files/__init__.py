"""Uploads: files that arrive in parts over links that break, in any order, until the whole has the promised digest."""
