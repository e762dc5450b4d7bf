"""Many drafts from one: its rows again, under ids, identity numbers and seals of their own.

Hundreds of drafts by the commands would take minutes; a copy is the same rows, and takes a millisecond.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, select

from app.applications.models import Application, Authorisation, Claim, Member, PayoutAccount
from app.core.crypto import GENERAL, Vault
from app.core.crypto.columns import INFO
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.models import Citizen, Session
from scripts.local.bench.household import Home, number_in

Row = Mapping[str, Any]
Rows = list[tuple[Table, Row]]  # parents before children


async def read_template(db: ReadSession, home: Home) -> Rows:
    """Return all rows of a household."""
    person, case = home.actor.id, home.application_id
    found: Rows = []
    for model, column, value in (
        (Citizen, Citizen.id, person),
        (Session, Session.id, home.actor.session),
        (PayoutAccount, PayoutAccount.citizen_id, person),
        (Application, Application.id, case),
        (Claim, Claim.application_id, case),
        (Member, Member.application_id, case),
        (Authorisation, Authorisation.application_id, case),
    ):
        table = model.__table__
        assert isinstance(table, Table)
        rows = await db.execute(select(table).where(column == value).order_by(*table.primary_key))
        found.extend((table, dict(row._mapping)) for row in rows)
    return found


class Copier:
    """Makes copies of one household."""

    def __init__(self, vault: Vault, template: Rows) -> None:
        self._vault = vault
        self._template = template

    def copy(self, serial: int) -> tuple[Rows, dict[UUID, UUID]]:
        """Return the rows of another household, and which id stands for which."""
        ids = {row["id"]: new_id() for _, row in self._template if "id" in row}
        own = {"citizens.id_number": number_in(serial, "self"), "citizens.phone": f"bench {serial}"}
        rows: Rows = []
        for table, row in self._template:
            texts = {"members.id_number": number_in(serial, row["relation"])} if table.name == "members" else own
            rows.append((table, self._copied(table, row, ids, texts)))
        return rows, ids

    def _copied(self, table: Table, row: Row, ids: Mapping[UUID, UUID], texts: Mapping[str, str]) -> Row:
        fresh = {name: ids.get(value, value) if isinstance(value, UUID) else value for name, value in row.items()}
        if table.name == "claims":
            fresh["key"] = ids[UUID(bytes=row["key"])].bytes  # a draft has claimed its applicant's place only
            return fresh
        old_id, new = next(iter(row.values())), next(iter(fresh.values()))
        for name, value in row.items():
            column = f"{table.name}.{name.removesuffix('_sealed').removesuffix('_index')}"
            if name.endswith("_sealed") and value is not None:
                text = texts.get(column) or self._vault.open(column, old_id, value)
                division = table.c[name].info[INFO].division
                fresh[name] = self._vault.seal(column, new, text, division=row[division] if division else GENERAL)
            elif name.endswith("_index") and column in texts:
                fresh[name] = self._vault.index(column, texts[column])
        return fresh


async def insert_rows(db: WriteSession, batch: Sequence[Rows]) -> None:
    """Insert the rows of many households, table by table."""
    by_table: dict[Table, list[Row]] = {}
    for rows in batch:
        for table, row in rows:
            by_table.setdefault(table, []).append(row)
    for table, together in by_table.items():
        await db.execute(insert(table), together)
