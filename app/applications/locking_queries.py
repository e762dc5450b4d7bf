"""Taking hold of an application that is found by way of other tables."""

from typing import Any, TypeVar

from sqlalchemy import Select

from app.applications.models import Application
from app.core.db import ReadSession

Found = TypeVar("Found", bound=Select[*tuple[Any, ...]])


async def with_application_locked(db: ReadSession, query: Found) -> Found:
    """Lock the application that a query over it and other tables finds; returns the query, to be asked afresh.

    Two statements on purpose: one for both would show, after it has waited for the lock, the other tables' rows as they
    were before whoever held it had finished.
    """
    await db.execute(query.with_only_columns(Application.id).with_for_update(of=Application))
    return query.execution_options(populate_existing=True)
