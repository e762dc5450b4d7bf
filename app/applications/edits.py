"""Two phones, one draft: who changed what since when.

Each editable field (one list of the answers, the address, one member) remembers the version that changed it last. A
change that says which version it has seen merges with whatever others changed elsewhere; where both changed the same
field to different values, the refusal shows both. The same change again, after a lost answer, is no conflict.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from app.applications.errors import EditedElsewhere, VersionNotGivenOut
from app.applications.models import Application
from app.core.db import WriteSession
from app.core.errors import Fault


class Edit:
    """One set of changes made by somebody who has seen version `seen` of the application.

    Raises:
        VersionNotGivenOut: there is no such version yet; taken at its word, it would overwrite every change unseen.
    """

    def __init__(self, application: Application, seen: int) -> None:
        if seen > application.version:
            raise VersionNotGivenOut
        self._application = application
        self._seen = seen
        self._conflicts: list[dict[str, Any]] = []
        self._changed: list[str] = []

    def claims(
        self, pointer: str, theirs: Any, yours: Any, *, shown: Callable[[Any], Any] = lambda value: value
    ) -> bool:
        """Say whether the field at `pointer` changes from `theirs` (what stands) to `yours`; note a conflict.

        `shown` turns a value into what a refusal may show of it.
        """
        if theirs == yours:
            return False
        if self._application.field_versions.get(pointer, 0) > self._seen:
            self._conflicts.append({"pointer": pointer, "yours": shown(yours), "theirs": shown(theirs)})
        self._changed.append(pointer)
        return True

    def settle(self) -> bool:
        """Keep who changed what; says whether anything did.

        Raises:
            EditedElsewhere: the same field was changed meanwhile; the refusal shows both values of each.
        """
        if self._conflicts:
            faults = (Fault(each["pointer"], "edited_elsewhere") for each in self._conflicts)
            raise EditedElsewhere(faults=tuple(faults), extra={"conflicts": self._conflicts})
        if self._changed:
            version = self._application.version + 1
            marks = dict.fromkeys(self._changed, version)
            self._application.field_versions = {**self._application.field_versions, **marks}
        return bool(self._changed)


async def touch(db: WriteSession, application: Application) -> None:
    """Raise the application's version because something that belongs to it changed."""
    flag_modified(application, "status")
    await db.send_pending()
