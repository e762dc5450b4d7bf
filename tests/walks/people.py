"""Who walks about: each with a post and a place, as domain 1.1 tells them apart."""

from dataclasses import dataclass
from enum import StrEnum

from app.identity.actors import Role
from app.sandbox.staff import Post as Position

TOWNSHIP, COUNTY = "532529103000", "532529000000"


class Post(StrEnum):
    """What somebody is, in the words of the law and not of the product's tables."""

    CITIZEN = "applicant"
    ANYONE = "anyone"
    HELPER = "village_helper"
    HANDLER = "township_handler"
    REVIEWER = "township_reviewer"
    TOWNSHIP_CONFIRMER = "township_confirmer"
    COUNTY_HANDLER = "county_handler"
    CONFIRMER = "county_confirmer"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    OUTSIDE = "outside"  # whatever post, in a place the case is none of
    WORLD = "world"  # banks, the operator, the personnel office


@dataclass(frozen=True)
class Somebody:
    """A person, by the name used in stories; `account`: the user name of a member of staff."""

    name: str
    post: Post
    account: str = ""


_STAFF = (
    ("helper", Post.HELPER, "honghe-village"),
    ("handler-1", Post.HANDLER, "honghe-township-1"),
    ("handler-2", Post.HANDLER, "honghe-township-2"),
    ("handler-3", Post.HANDLER, "honghe-township-3"),
    ("reviewer-1", Post.REVIEWER, "honghe-reviewer"),
    ("reviewer-2", Post.REVIEWER, "honghe-reviewer-2"),
    ("township-confirmer", Post.TOWNSHIP_CONFIRMER, "honghe-township-confirmer"),
    ("county-1", Post.COUNTY_HANDLER, "honghe-county-1"),
    ("county-2", Post.COUNTY_HANDLER, "honghe-county-2"),
    ("county-3", Post.COUNTY_HANDLER, "honghe-county-3"),
    ("confirmer-1", Post.CONFIRMER, "honghe-confirmer"),
    ("confirmer-2", Post.CONFIRMER, "honghe-confirmer-2"),
    ("finance-1", Post.FINANCE, "honghe-finance"),
    ("finance-2", Post.FINANCE, "honghe-finance-2"),
    ("supervisor", Post.SUPERVISOR, "honghe-supervisor"),
    ("admin", Post.ADMINISTRATOR, "honghe-admin"),
    ("next-handler", Post.OUTSIDE, "next-township-1"),
    ("far-county", Post.OUTSIDE, "zhenxiong-county-1"),
    ("far-confirmer", Post.OUTSIDE, "zhenxiong-confirmer"),
)
STAFF = tuple(Somebody(*row) for row in _STAFF)
PEOPLE = {
    person.name: person
    for person in (
        Somebody("citizen", Post.CITIZEN),
        Somebody("neighbour", Post.CITIZEN),  # another household: nothing of this case is hers
        Somebody("villager", Post.ANYONE),
        Somebody("world", Post.WORLD),
        *STAFF,
    )
}

# Who is on the staff beside those that the stories of tests/journeys know.
MORE = (
    Position("honghe-reviewer-2", "测试红河县乡镇审核人乙", Role.TOWNSHIP_REVIEWER, TOWNSHIP),
    Position("honghe-confirmer-2", "测试红河县县级审核确认人乙", Role.COUNTY_CONFIRMER, COUNTY),
    Position("honghe-finance-2", "测试红河县财务乙", Role.FINANCE, COUNTY),
)

# Moves by the personnel office: what tempts four eyes is somebody who comes to decide what he took part in.
MOVES = {
    "reviewer-1": Post.CONFIRMER,
    "handler-2": Post.TOWNSHIP_CONFIRMER,
    "county-1": Post.CONFIRMER,
    "confirmer-2": Post.FINANCE,
    "finance-2": Post.CONFIRMER,
}
PLACE_OF = {Post.TOWNSHIP_CONFIRMER: TOWNSHIP, Post.CONFIRMER: COUNTY, Post.FINANCE: COUNTY}
