"""医保: whether somebody is insured, and what of a year's treatment was left to pay. JSON by transaction codes."""
