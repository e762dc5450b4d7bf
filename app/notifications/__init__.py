"""Messages to citizens: one-time codes and news of their matter."""
