"""How the agencies are: latency, freshness, failures, what waits for them, how far they agree with declarations."""

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Query

from app.api.common.callers import Caseworker
from app.api.common.deps import ReadDb, ToolsDep
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Moment, Out, Page
from app.core.clock import today
from app.core.errors import RoleNotAllowed
from app.facts import Item
from app.identity.errors import TokenRejected
from app.partners.registry import AGENCIES, AdapterClass
from app.reference.divisions import NATION
from app.reference.errors import DivisionMalformed
from app.reference.procedure import Local, Mode
from app.reference.term_queries import load_procedure
from app.verification.agency_models import AgencyOutage
from app.verification.agency_queries import WATCHERS, Health, list_outages, read_health, read_items_health
from app.verification.errors import AgencyUnknown
from app.verification.ways import mode_in

router = Router(prefix="/v1/console/agencies", tags=["console: verification"])

modes = Router(prefix="/v1/console", tags=["console: verification"])

Hours = Annotated[int, Query(ge=1, le=720, description="how far back attempts and reports are counted")]
Code = Annotated[str, Path(pattern=r"^[a-z_]{1,32}$", examples=["tax"])]
_OUTAGES = 20


class HealthOut(Out):
    """Counts within the caller's division. `asked`: attempts; `taken`: those that brought the word that an answer will
    come, and no more; `failures`: those that brought nothing, by reason. `answered`: answers that came, at once, by
    call-back or by file; `p50_ms`, `p95_ms`: how long they took from the question.
    `held_back`: open questions that are not put at present, because the agency has been failing."""

    asked: int
    answered: int
    taken: int
    failures: dict[str, int]
    p50_ms: int | None
    p95_ms: int | None
    last_answered_at: Moment | None
    open: int
    held_back: int
    oldest_open_since: Moment | None


class AgencyOut(HealthOut):
    """One agency. `connected`: this installation has a connection with it; what one without would be asked is the
    county's at once, to find out on paper. `compared`: fields of standing reports that were set beside the declaration;
    `differing`: those that are not what was declared. `silent_since`: it counts as silent, and supervisors were told;
    `silent_items`: it does about these items only."""

    code: str
    title: str
    items: list[Item]
    connected: bool
    compared: int
    differing: int
    silent_since: Moment | None
    silent_items: list[Item]

    @classmethod
    def of(cls, agency: AdapterClass, health: Health, *, connected: bool) -> "AgencyOut":
        """Shape one agency."""
        return cls(
            **_shared(health),
            code=agency.code,
            title=agency.title,
            items=sorted(agency.items),
            connected=connected,
            compared=health.compared,
            differing=health.differing,
            silent_since=health.silent_since,
            silent_items=sorted(Item(item) for item in health.silent_items),
        )


class AgencyItemOut(HealthOut):
    """One item of an agency. `silent_since`: it counts as silent about this item, while it may answer about others."""

    item: Item
    silent_since: Moment | None


class OutageOut(Out):
    """An agency was silent for a county, as a whole or about one `item`. `waiting`: the county's questions that waited
    when its supervisors were told, at `found_at`."""

    county: str
    item: Item | None
    silent_since: Moment
    found_at: Moment
    waiting: int
    ended_at: Moment | None

    @classmethod
    def of(cls, outage: AgencyOutage) -> "OutageOut":
        """Shape one outage."""
        return cls(
            county=outage.county,
            item=Item(outage.item) if outage.item else None,
            silent_since=outage.silent_since,
            found_at=outage.found_at,
            waiting=outage.waiting,
            ended_at=outage.ended_at,
        )


class AgencyDetailOut(AgencyOut):
    """One agency, item by item, with its latest outages in the caller's counties."""

    by_item: list[AgencyItemOut]
    outages: list[OutageOut]


def _shared(health: Health) -> dict[str, object]:
    parts = {name: getattr(health, name) for name in HealthOut.model_fields}
    return {**parts, "failures": dict(health.failures or {})}


def _item_out(item: Item, health: Health) -> AgencyItemOut:
    return AgencyItemOut(**_shared(health), item=item, silent_since=health.silent_since)


@router.get(
    "",
    operation_id="list_agencies",
    summary="See how the agencies are",
    responses=problems(TokenRejected, RoleNotAllowed),
)
async def list_all(actor: Caseworker, db: ReadDb, tools: ToolsDep, hours: Hours = 24) -> Page[AgencyOut]:
    """All agencies on one page: for those who work on cases, supervise or administer, counted within their division.
    Nobody is named, so that no look is recorded."""
    health = await read_health(db, actor, db.clock.now() - timedelta(hours=hours))
    items = [
        AgencyOut.of(agency, health.get(agency.code, Health()), connected=agency.code not in tools.unconnected)
        for agency in AGENCIES
    ]
    return Page(items=items, next=None)


@router.get(
    "/{code}",
    operation_id="get_agency",
    summary="See how one agency is",
    responses=problems(TokenRejected, RoleNotAllowed, AgencyUnknown),
)
async def get(code: Code, actor: Caseworker, db: ReadDb, tools: ToolsDep, hours: Hours = 24) -> AgencyDetailOut:
    """One agency, item by item, and when it was silent."""
    agency = next((each for each in AGENCIES if each.code == code), None)
    if agency is None:
        raise AgencyUnknown
    since = db.clock.now() - timedelta(hours=hours)
    health = await read_health(db, actor, since)
    items = await read_items_health(db, actor, code, since)
    shown = AgencyOut.of(agency, health.get(code, Health()), connected=code not in tools.unconnected)
    return AgencyDetailOut(
        **{name: getattr(shown, name) for name in AgencyOut.model_fields},
        by_item=[_item_out(item, items.get(item, Health())) for item in sorted(agency.items)],
        outages=[OutageOut.of(outage) for outage in await list_outages(db, actor, code, _OUTAGES)],
    )


class ModeOut(Out):
    """How the place asks about one item. `local`: a place has said so; else the agency's interface is asked, and
    by file where it has none. `connected`: this installation has a connection with the agency; without one the county
    finds out on paper, whatever the mode."""

    item: Item
    agency: str
    mode: Mode
    basis: str
    local: bool
    connected: bool


@modes.get(
    "/agency-modes",
    operation_id="list_agency_modes",
    summary="See how a place asks about each item",
    responses=problems(TokenRejected, RoleNotAllowed, DivisionMalformed),
)
async def list_modes(
    actor: Caseworker,
    db: ReadDb,
    tools: ToolsDep,
    division: Annotated[str | None, Query(pattern="^[0-9]{12}$", description="12-digit division code")] = None,
) -> Page[ModeOut]:
    """As it holds today in the caller's division, or another; the county's word goes before its province's.

    It is set as a parameter of the program `procedure` whose name is `check_mode.` and the item, by
    `PUT /v1/console/parameters`: drafted by an administrator of the place, put in force by another person. Cases that
    are accepted from then on are asked so."""
    if actor.role not in WATCHERS:
        raise RoleNotAllowed
    procedure = await load_procedure(db, division or actor.division or NATION, today(db.clock))
    rows = [(item, agency.code) for agency in AGENCIES for item in agency.items if item is not Item.IDENTITY]
    gone = tools.unconnected
    shown = [_mode(item, agency, mode_in(procedure, item), connected=agency not in gone) for item, agency in rows]
    return Page(items=shown, next=None)


def _mode(item: Item, agency: str, local: Local, *, connected: bool) -> ModeOut:
    mode = Mode(local.value)
    return ModeOut(item=item, agency=agency, mode=mode, basis=local.basis, local=local.local, connected=connected)
