"""The product on one machine: its environment, its database, its processes. Nothing in `app` may import this."""
