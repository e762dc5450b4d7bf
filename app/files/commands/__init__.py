"""Announce, send parts, complete, attach or discard. Every step may be repeated after a lost answer."""

from app.files.commands.announcing import attach_upload, begin_upload, discard_upload
from app.files.commands.completing import complete_upload
from app.files.commands.sending import put_part

__all__ = ["attach_upload", "begin_upload", "complete_upload", "discard_upload", "put_part"]
