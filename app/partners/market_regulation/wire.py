"""The words of market regulation: XML in UTF-8 with attributes, states in Chinese, dates as 2026年07月01日.

Who holds nothing is a 404 with an element of theirs; a 404 without it is a wrong address.
"""

from typing import Annotated, Literal
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # defusedxml reads # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import BaseModel, ConfigDict, Field

from app.partners.base import Query
from app.partners.exchange import Words
from app.partners.readings import ChineseDate

PATH = "/scjg/holdings"
VERSION = "2.1"  # in the root element
MEDIA_TYPE = "application/xml; charset=utf-8"


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Entity(_Wire):
    """A trade or firm in which the person has a part. Revoked ones (吊销) still exist until they are cancelled (注销).

    A post alone (法定代表人, 监事) owns nothing.
    """

    kind: Literal["个体工商户", "个人独资企业", "有限责任公司", "合伙企业", "农民专业合作社"]
    state: Literal["存续", "吊销", "注销", "迁出"]
    role: Literal["经营者", "投资人", "股东", "合伙人", "成员", "法定代表人", "监事"]


class Holdings(_Wire):
    """The whole answer. `count` is how many entities they meant to name."""

    request: Words
    date: ChineseDate
    count: Annotated[int, Field(ge=1, le=500)]
    entities: Annotated[list[Entity], Field(min_length=1, max_length=500)]


def write_question(query: Query) -> bytes:
    """Write the request body."""
    root = Element("HoldingsQuery", version=VERSION, request=str(query.reference))
    SubElement(root, "Person", number=query.id_number, name=query.name)
    SubElement(
        root,
        "Grounds",
        {
            "purpose": query.purpose,
            "case": query.case,
            "authorisation": query.authorisation,
            "operator": query.operator,
        },
    )
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def read(body: bytes) -> Element:
    """Read an answer, of whichever kind.

    Raises:
        ValueError: not XML, or with a document type or entities.
    """
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError) as error:
        raise ValueError("not XML we read") from error
    return root


def holdings_of(root: Element) -> Holdings:
    """Turn an answer into the entities it names.

    Raises:
        ValueError: not a whole answer.
    """
    if root.tag != "Holdings" or root.get("version") != VERSION:
        raise ValueError("not an answer")
    fields = {**root.attrib, "entities": [dict(entity.attrib) for entity in root.iterfind("Entity")]}
    holdings = Holdings.model_validate(fields)
    if holdings.count != len(holdings.entities):
        raise ValueError("entities are missing")
    return holdings
