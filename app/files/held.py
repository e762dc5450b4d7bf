"""What files hold of a citizen: his uploads. What became a paper of a case is kept with the case."""

from app.core.held import Holding
from app.files.models import Upload

HELD = (
    Holding(
        Upload,
        lambda who: Upload.owner_id == who.citizen,
        without=frozenset({"owner_id", "key_sealed", "stored_size", "stored_sha256", "tidied_at"}),
        since="created_at",
    ),
)
