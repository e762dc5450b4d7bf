"""What an agency, a bank or the hotline may call."""
