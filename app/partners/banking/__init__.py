"""银行: deposits. Asked now, answered later by call-back."""
