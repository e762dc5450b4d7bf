"""The table of data keys: made, announced, read by every process; values moved to another key; keys destroyed.

`core/crypto` does the arithmetic with keys in memory; this room brings them there and keeps the table.
"""

from app.core.crypto import GENERAL

KEYS_ROLE = (
    "dibao_keys"  # may overwrite sealed columns, evidence included, and nothing else: no web process works as it
)

__all__ = ["GENERAL", "KEYS_ROLE"]
