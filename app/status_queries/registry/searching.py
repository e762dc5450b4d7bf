"""A search message as status queries: each request by itself, those of one purpose and article as one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.clock import SHANGHAI
from app.core.db import WriteSession
from app.core.errors import DomainError
from app.identity.errors import IdNumberMalformed, NameMalformed
from app.identity.numbers import read_id_number, read_name
from app.status_queries.commands.asking import Person, PersonAnswer, ask_status
from app.status_queries.errors import BasisNotOfPurpose, PurposeNotGranted, QuotaSpent
from app.status_queries.grounds import Basis, QueryPurpose
from app.status_queries.models import QueryPartner
from app.status_queries.registry.heading import read_moment
from app.status_queries.registry.wire import VERSION, Criteria, SearchMessage, SearchRequest

CRITERIA = "rjct.search_criteria.invalid"
DUPLICATE = "rjct.reference_id.duplicate"
TIMESTAMP = "rjct.timestamp.invalid"
_BASIS = "urn:basis:"
_ATTRIBUTES = {"id_number", "name"}
# The social registry's vocabulary; of its Person nothing is told but what is received where since when.
_CONTEXT = {"@vocab": "https://schema.spdci.org/extensions/social/v1"}
Ground = tuple[QueryPurpose, Basis]


@dataclass(frozen=True)
class _Rejected:
    """Why one request is not answered, in the standard's code and in words."""

    code: str
    message: str


@dataclass(frozen=True)
class _Sought:
    ground: Ground
    person: Person


@dataclass(frozen=True)
class Searched:
    """The answers to a message's requests, in its order, and the queries that were made for them."""

    answers: Sequence[dict[str, Any]]
    queries: Sequence[UUID]


async def search(db: WriteSession, partner: QueryPartner, message: SearchMessage) -> Searched:
    """Answer every request of a message; what cannot be answered is rejected by itself."""
    read = _read(message.search_request)
    found: dict[str, PersonAnswer | _Rejected] = {}
    queries: list[UUID] = []
    for ground in dict.fromkeys(each.ground for each in read if isinstance(each, _Sought)):
        persons = [each.person for each in read if isinstance(each, _Sought) and each.ground == ground]
        try:
            answered = await ask_status(db, partner, purpose=ground[0], basis=ground[1], persons=persons)
        except (PurposeNotGranted, BasisNotOfPurpose, QuotaSpent) as refusal:  # each before anything was written
            found |= {person.reference: _Rejected(CRITERIA, _words(refusal)) for person in persons}
            continue
        found |= {answer.reference: answer for answer in answered.answers}
        queries.append(answered.query.id)
    now = db.clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds")
    answers = [
        _write(request, each if isinstance(each, _Rejected) else found[each.person.reference], now)
        for request, each in zip(message.search_request, read, strict=True)
    ]
    return Searched(answers, queries)


def _words(refusal: DomainError) -> str:
    return f"{refusal.code}: {refusal.title}"


def _read(requests: Sequence[SearchRequest]) -> list[_Sought | _Rejected]:
    read: list[_Sought | _Rejected] = []
    references: set[str] = set()
    for place, request in enumerate(requests):
        if request.reference_id in references:
            read.append(_Rejected(DUPLICATE, "another request of the message has this reference"))
        elif read_moment(request.timestamp) is None:
            read.append(_Rejected(TIMESTAMP, "not an instant of ISO 8601 with an offset"))
        else:
            read.append(_read_criteria(request.search_criteria, str(place)))
        references.add(request.reference_id)
    return read


def _read_criteria(criteria: Criteria, reference: str) -> _Sought | _Rejected:
    ground = _ground_of(criteria)
    if ground is None:
        return _Rejected(CRITERIA, "authorize: a purpose and an article that we know")
    named = _named_by(criteria)
    if named is None:
        return _Rejected(CRITERIA, "query: an identity number and a name, by idtype-value or predicate")
    try:
        number, name = read_id_number(named["id_number"]).text, read_name(named["name"])
    except (IdNumberMalformed, NameMalformed) as malformed:
        return _Rejected(CRITERIA, _words(malformed))
    return _Sought(ground, Person(reference, number, name))


def _ground_of(criteria: Criteria) -> Ground | None:
    if criteria.authorize is None:
        return None
    purpose, basis = criteria.authorize.purpose.code, criteria.authorize.purpose.ref_uri
    if purpose not in set(QueryPurpose) or basis.removeprefix(_BASIS) not in set(Basis):
        return None
    return QueryPurpose(purpose), Basis(basis.removeprefix(_BASIS))


def _named_by(criteria: Criteria) -> dict[str, str] | None:
    """Return the two attributes that a person is found by; None where the query is about anything else."""
    named: Any = None
    if criteria.query_type == "idtype-value" and isinstance(criteria.query, dict):
        named = criteria.query.get("value") if criteria.query.get("type") == "UIN" else None
    elif criteria.query_type == "predicate" and isinstance(criteria.query, list) and len(criteria.query) == 1:
        named = _of_predicate(criteria.query[0])
    if not isinstance(named, dict) or set(named) != _ATTRIBUTES:
        return None
    return named if all(isinstance(text, str) and len(text) <= 100 for text in named.values()) else None


def _of_predicate(predicate: Any) -> dict[Any, Any] | None:
    if not isinstance(predicate, dict) or predicate.get("condition") != "and":
        return None
    both = (predicate.get("expression1"), predicate.get("expression2"))
    if not all(isinstance(each, dict) and each.get("operator") == "eq" for each in both):
        return None
    pairs = [(each.get("attribute_name"), each.get("attribute_value")) for each in both if isinstance(each, dict)]
    return dict(pairs) if all(isinstance(name, str) for name, _ in pairs) else None


def _write(request: SearchRequest, answer: PersonAnswer | _Rejected, now: str) -> dict[str, Any]:
    head = {"reference_id": request.reference_id, "timestamp": now}
    if isinstance(answer, _Rejected):
        return {
            **head,
            "status": "rjct",
            "status_reason_code": answer.code,
            "status_reason_message": answer.message,
        }
    records = [
        {
            "@context": _CONTEXT,
            "@type": "Person",
            "programme_identifier": each.program,
            "enrolment_date": each.since.isoformat(),
            "sub_region_code": each.county,
        }
        for each in answer.programs
    ]
    pages = {"page_size": max(1, len(records)), "page_number": 1, "total_count": len(records)}
    return {**head, "status": "succ", "data": {"version": VERSION, "reg_records": records}, "pagination": pages}
