"""The story that scripts/demo plays: one application from phone to bank, through the public HTTP API only."""
