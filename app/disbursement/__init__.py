"""The last stage: a month's payroll from building to the bank's receipts, and the books."""
