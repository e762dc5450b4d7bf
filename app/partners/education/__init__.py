"""教育: who goes to which school, and with what aid. Files of lines with tabs, signed with HMAC-SM3."""
