"""The outside world for trying things out: mock agencies, a bank, an SMS gateway, a clock that moves, faults on demand.

A tenant like any agency: real HTTP services with their own state and their own idea of each wire format (nothing is
imported from `app.partners`, so that a mistake there does not meet its own mirror image here).
"""
