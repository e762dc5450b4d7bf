"""Letters (通知书): what a household is told in writing, once for each cause, numbered, and to be checked by anyone."""
