"""The words of natural resources: XML in GB18030, signed both ways, areas in m² with two decimals.

The signature of a question covers the time and the body; that of an answer covers the question's number and the body:
an answer cannot be passed off as the answer to another question. Python's XML parser does not read GB18030, hence
bytes are decoded first and the parser sees text.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # defusedxml reads # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.money import yuan_to_fen
from app.partners.readings import SlashedDate, TwoDecimals

PATH = "/bdc/v1/service.do"
ENCODING = "GB18030"
MEDIA_TYPE = f"application/xml; charset={ENCODING}"

FOUND = "0000"
NO_RECORD = "0001"

SERVICE = "FWXX"  # dwellings


def sign(secret: str, prefix: str, body: bytes) -> str:
    """Return the signature over a line of text and a body: HMAC-SHA256, hex."""
    return hmac.new(secret.encode(), prefix.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def square_centimetres(area: str) -> int:
    """Read an area in m² with two decimals; 1 m² is 10,000 cm²."""
    return yuan_to_fen(area) * 100


@dataclass(frozen=True)
class Question:
    """What a request says."""

    number: UUID
    certificate: str
    name: str
    purpose: str
    case: str
    authorisation: str
    operator: str

    def to_xml(self) -> bytes:
        """Write the request body."""
        root = Element("Request")
        head = SubElement(root, "Head")
        SubElement(head, "SeqNo").text = str(self.number)
        SubElement(head, "Service").text = SERVICE
        SubElement(head, "Purpose").text = self.purpose
        SubElement(head, "CaseNo").text = self.case
        SubElement(head, "AuthNo").text = self.authorisation
        SubElement(head, "Operator").text = self.operator
        body = SubElement(root, "Body")
        SubElement(body, "CertNo").text = self.certificate
        SubElement(body, "Name").text = self.name
        written: bytes = tostring(root, encoding=ENCODING, xml_declaration=True)
        return written


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Head(_Wire):
    """The head of every answer."""

    SeqNo: UUID
    RetCode: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


class Dwelling(_Wire):
    """One dwelling of which the person is the right holder."""

    Area: TwoDecimals


class Dwellings(_Wire):
    """The body of an answer about dwellings."""

    DataDate: SlashedDate
    House: Annotated[list[Dwelling], Field(min_length=1, max_length=200)]


def parse(body: bytes) -> tuple[Head, dict[str, object]]:
    """Read an answer into its head and the raw fields of its body; elements that repeat become lists.

    Raises:
        ValueError: not GB18030, not XML, document type declarations, or a head that makes no sense.
    """
    text = body.decode(ENCODING)
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise ValueError("not XML we read") from error
    head = root.find("Head")
    if root.tag != "Response" or head is None:
        raise ValueError("not an answer")
    found = root.find("Body")
    return Head.model_validate({child.tag: child.text for child in head}), _fields(found)


def _fields(element: Element | None) -> dict[str, object]:
    fields: dict[str, object] = {}
    houses: list[dict[str, object]] = []
    for child in element if element is not None else ():
        if child.tag == "House":
            houses.append({part.tag: part.text for part in child})
        else:
            fields[child.tag] = child.text
    if houses:
        fields["House"] = houses
    return fields
