"""The standard's shapes, as far as they are used: what partners send may hold more, which is signed but not read."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

VERSION = "1.0.0"
REGISTRY = "dibao"  # what we are called as sender and receiver
MOST_REQUESTS = 100

Name = Annotated[str, Field(min_length=1, max_length=99, pattern=r"^[\x20-\x7e]+$", examples=["A-1"])]
Moment = Annotated[str, Field(min_length=1, max_length=40, examples=["2026-12-01T09:30:00+08:00"])]


def _counted(given: object) -> object:
    """The standard says integer; its own samples write text."""
    return int(given) if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) < 10 else given


class Sent(BaseModel):
    """Base of what partners send."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class Header(Sent):
    """The message's header. `sender_uri`, where answers go, is only ever the registered one."""

    version: Annotated[str, Field(max_length=20)] = VERSION
    message_id: Name
    message_ts: Moment
    action: Annotated[str, Field(max_length=40, examples=["search"])]
    sender_id: Name
    sender_uri: Annotated[str | None, Field(max_length=500)] = None
    receiver_id: Annotated[str | None, Field(max_length=99, examples=[REGISTRY])] = None
    total_count: Annotated[int, Field(ge=0, le=10**9, examples=[1]), BeforeValidator(_counted)]
    is_msg_encrypted: bool = False


class Purpose(Sent):
    """`code` and `ref_uri` of the standard's authorisation: the purpose, and `urn:basis:` with the article."""

    code: Annotated[str, Field(max_length=64, examples=["medical_assistance"])]
    ref_uri: Annotated[str, Field(max_length=200, examples=["urn:basis:social_assistance_law_42"])]


class Authorisation(Sent):
    """What the search is for."""

    purpose: Purpose


class Criteria(Sent):
    """`idtype-value`: `query` is `{"type": "UIN", "value": {"id_number": …, "name": …}}`. `predicate`: a list of one,
    with two expressions `id_number eq …` and `name eq …`, joined by `and`. Nobody is found by anything else."""

    version: Annotated[str, Field(max_length=20)] = VERSION
    reg_type: Annotated[str | None, Field(max_length=99)] = None
    query_type: Annotated[str, Field(max_length=40, examples=["idtype-value"])]
    query: Annotated[
        Any, Field(examples=[{"type": "UIN", "value": {"id_number": "539900198001010014", "name": "测试甲"}}])
    ]
    authorize: Authorisation | None = None


class SearchRequest(Sent):
    """One person searched for."""

    reference_id: Name
    timestamp: Moment
    search_criteria: Criteria


class SearchMessage(Sent):
    """Up to a hundred persons."""

    transaction_id: Name
    search_request: Annotated[list[SearchRequest], Field(min_length=1, max_length=10_000)]


class StatusRequest(Sent):
    """What became of a transaction, of some references, or of what we called `correlation_id`."""

    reference_id: Name
    txn_type: Annotated[str, Field(max_length=40, examples=["search"])]
    attribute_type: Annotated[str, Field(max_length=40, examples=["transaction_id"])]
    attribute_value: Annotated[Any, Field(examples=["T-1"])]


class StatusMessage(Sent):
    """One question about a transaction."""

    transaction_id: Name
    txnstatus_request: StatusRequest


class SearchEnvelope(Sent):
    """A signed search: `signature` over `header` and `message`."""

    signature: Annotated[str, Field(max_length=2000, examples=['namespace="dci", kidId="…"'])] = ""
    header: Header
    message: SearchMessage


class StatusEnvelope(Sent):
    """A signed question about a transaction."""

    signature: Annotated[str, Field(max_length=2000, examples=['namespace="dci", kidId="…"'])] = ""
    header: Header
    message: StatusMessage
