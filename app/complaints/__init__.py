"""Complaints, reports, suggestions and inquiries: anonymous or with a name, followed by number and code."""
