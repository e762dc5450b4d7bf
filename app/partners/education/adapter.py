"""The school register by file: who goes to school where, whether boarding, and what aid was paid."""

import time
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

import httpx

from app.core.connections import Connection
from app.facts import Answer, FactKey, Item, Value
from app.partners.base import Authentication
from app.partners.batch import BadLineReason, BatchOrder
from app.partners.education import wire
from app.partners.exchange import Limits
from app.partners.facts_of import found
from app.partners.file_agency import UNREADABLE, Detail, FileAgency, Parsed


class Education(FileAgency):
    """Answers by file only. Who has left school is 'no record': which school it was is nobody's need."""

    code: ClassVar[str] = "education"
    title: ClassVar[str] = "教育部门"
    authentication: ClassVar[Authentication] = Authentication.SIGNATURE
    media_type: ClassVar[str] = wire.MEDIA_TYPE
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {
            Item.EDUCATION: frozenset(
                {
                    FactKey.ENROLLED,
                    FactKey.SCHOOL_NAME,
                    FactKey.SCHOOL_STAGE,
                    FactKey.BOARDING,
                    FactKey.SCHOOL_AID_YEAR,
                }
            )
        }
    )

    def __init__(
        self,
        connection: Connection,
        http: httpx.AsyncClient,
        limits: Limits | None = None,
        epoch: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(connection, http, limits)
        # The machine's time, not the case's: a signature that is minutes old is refused.
        self._epoch = epoch

    def question_path(self, serial: str) -> str:
        """Return where questions are put."""
        return wire.question_path(serial)

    def answer_path(self, serial: str, number: int) -> str:
        """Return where a file of answers is fetched."""
        return wire.answer_path(serial, number)

    def show(self, request: httpx.Request) -> None:
        """Sign what is sent, for this moment, this address and this method."""
        stamp = str(int(self._epoch()))
        address = request.url.path.rpartition("/")[2].encode()
        request.headers["X-Time"] = stamp
        request.headers["X-Sign-SM3"] = wire.sign(
            self._connection.secret, stamp.encode(), request.method.encode(), address, request.content
        )

    def write(self, order: BatchOrder) -> bytes:
        """Write the questions."""
        return wire.write(order)

    def parse(self, body: bytes) -> Parsed:
        """Read a file of answers.

        Raises:
            Malformed: its frame cannot be read, or the register has not signed it.
        """
        file = wire.read(body, self._connection.secret)
        details = [UNREADABLE if pupil is None else _detail(pupil, file.day) for pupil in file.pupils]
        return Parsed(file.serial, file.number, details, file.count, file.total)


def _detail(pupil: wire.Pupil, day: date) -> Detail:
    if pupil.state == wire.FAILED:
        return Detail(pupil.reference, pupil.end, None, 0, BadLineReason.REFUSED)
    if not pupil.is_on_file or pupil.school is None or pupil.stage is None:
        return Detail(pupil.reference, pupil.end, Answer.none(), 0)
    facts: dict[FactKey, Value] = {
        FactKey.ENROLLED: int(pupil.state == wire.HERE),
        FactKey.SCHOOL_NAME: pupil.school,
        FactKey.SCHOOL_STAGE: pupil.stage,
        FactKey.BOARDING: pupil.boarding,
        FactKey.SCHOOL_AID_YEAR: pupil.aid_fen,
    }
    return Detail(pupil.reference, pupil.end, found(Education.code, day, facts), pupil.aid_fen)
