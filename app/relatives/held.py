"""What declarations hold about a citizen: that he is a close relative of somebody in office. Not of whom."""

from app.core.held import Holding
from app.relatives.models import DeclaredRelative

HELD = (
    Holding(
        DeclaredRelative,
        lambda who: DeclaredRelative.id_number_index == who.indexes.get("members.id_number"),
        without=frozenset({"county", "person_id", "relation", "declared_by", "ended_by"}),
        withheld=("person_id", "relation"),
        since="ended_at",
    ),
)
