"""Where an application belongs, as the household and the desk read it."""

from uuid import UUID

from app.api.common.schemas import Out
from app.applications.models import Application
from app.applications.place import judge_place, place_named
from app.applications.venue import Basis, Obstacle
from app.core.db import ReadSession


class PlaceOut(Out):
    """A township or county; `name` is null where it is not on the register of this installation."""

    division: str
    name: str | None


class VenueOut(Out):
    """Whether the application is where it belongs. `basis`: why it is; `obstacle`: why not, and then `places` are those
    that take it, and `applicants` the members who may apply there. `law` is what this rests on."""

    fits: bool
    basis: Basis | None
    obstacle: Obstacle | None
    places: list[PlaceOut]
    applicants: list[UUID]
    law: list[str]

    @classmethod
    async def of(cls, db: ReadSession, application: Application) -> "VenueOut":
        """Judge an application, loaded with its members, as things stand today."""
        verdict = await judge_place(db, application)
        places = [await place_named(db, code) for code in verdict.places]
        return cls(
            fits=verdict.fits,
            basis=verdict.basis,
            obstacle=verdict.obstacle,
            places=[PlaceOut.model_validate(place) for place in places],
            applicants=list(verdict.applicants),
            law=list(verdict.law),
        )
