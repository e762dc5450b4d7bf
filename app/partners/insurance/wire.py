"""The words of the insurers' platform: XML files, amounts in yuan, every policy by itself, a digest in a header.

`State` of an answer: F policies found, N none, E could not be looked up.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # defusedxml reads # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.core.money import yuan_to_fen
from app.partners.batch import MOST_LINES, BatchOrder
from app.partners.file_agency import Malformed
from app.partners.readings import DashedDate, TwoDecimals

MEDIA_TYPE = "application/xml; charset=utf-8"
DIGEST = "X-Content-SHA256"

FOUND, NONE, FAILED = "F", "N", "E"
_COUNT = TypeAdapter(int)


def question_path(serial: str) -> str:
    """Return where questions are put."""
    return f"/policies/v1/batches/{serial}"


def answer_path(serial: str, number: int) -> str:
    """Return where answers are fetched."""
    return f"/policies/v1/batches/{serial}/answers/{number}"


def digest(body: bytes) -> str:
    """Return the digest of a body, hex."""
    return hashlib.sha256(body).hexdigest()


def write(order: BatchOrder) -> bytes:
    """Write the questions."""
    root = Element("PolicyEnquiry", {"batch": order.serial, "count": str(len(order.queries))})
    for query in order.queries:
        asked = SubElement(root, "Holder", {"ref": str(query.reference)})
        for name, text in (
            ("Certificate", query.id_number),
            ("Name", query.name),
            ("Purpose", query.purpose),
            ("Case", query.case),
            ("Authorisation", query.authorisation),
            ("Operator", query.operator),
        ):
            SubElement(asked, name).text = text
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


class _Amounts(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    day: DashedDate
    total: TwoDecimals


_MONEY = TypeAdapter(TwoDecimals)


@dataclass(frozen=True)
class Holder:
    """One person's policies: their cash values in fen."""

    reference: UUID
    end: str
    state: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class File:
    """A file of answers; None stands for a line that cannot be read."""

    serial: str
    number: int
    day: date
    holders: tuple[Holder | None, ...]
    count: int
    total: int


def read(body: bytes) -> File:
    """Read a file of answers.

    Raises:
        Malformed: it is no such XML, or its head or totals cannot be read.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
        control, holders = root.find("Control"), root.findall("Holder")
        if root.tag != "PolicyAnswers" or control is None or len(holders) > MOST_LINES:
            raise Malformed
        amounts = _Amounts.model_validate({"day": root.get("day"), "total": control.get("total")})
        return File(
            root.get("batch", ""),
            _COUNT.validate_strings(root.get("file", "")),
            amounts.day,
            tuple(_holder(element) for element in holders),
            _COUNT.validate_strings(control.get("count", "")),
            yuan_to_fen(amounts.total),
        )
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Malformed from None


def _holder(element: Element) -> Holder | None:
    # Looked for one level down alone: of holders within holders each would be gone through for all of those around it,
    # and a file of a few thousand would keep the process busy for minutes.
    try:
        values = [_MONEY.validate_python(policy.get("cashValue")) for policy in element.findall("Policy")]
        return Holder(
            UUID(element.get("ref", "")),
            element.get("end", ""),
            element.get("state", ""),
            tuple(yuan_to_fen(value) for value in values),
        )
    except (ValidationError, ValueError):
        return None
