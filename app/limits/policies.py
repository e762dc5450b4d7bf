"""All limits there are, as data.

Two sorts of partition. Per caller (an account, or an address without sign-in) a limit keeps one from taking the place
of many; mobile networks put thousands of phones behind one address, so these are wide. Per target (a phone, a number, a
village) it protects somebody else from the caller, whoever calls from wherever; these are as narrow as use allows.

Kept in the database, a limit holds across all processes and costs a write; kept in the process, it costs nothing, holds
per process and is forgotten with it: right for reads, wrong for secrets.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.identity.errors import TooManyCodes
from app.limits.errors import TooManyGuesses, TooManyRequests


class Keeper(StrEnum):
    """Where a limit is counted."""

    DATABASE = "database"
    PROCESS = "process"


@dataclass(frozen=True)
class Policy:
    """At most `quota` uses per partition in `window` seconds, from the first of them.

    `secret`: it protects a secret, and no setting widens it.
    """

    name: str
    quota: int
    window: int
    partition: str
    keeper: Keeper = Keeper.DATABASE
    secret: bool = False
    refusal: type[DomainError] = TooManyRequests

    @property
    def length(self) -> timedelta:
        """The window as a duration."""
        return timedelta(seconds=self.window)

    def widened(self, factor: int) -> int:
        """Return the quota in an installation that multiplies quotas (load tests do)."""
        return self.quota if self.secret else self.quota * factor


# Signing in.
CODES = Policy("codes", 5, 600, "phone, or phone and known device", secret=True, refusal=TooManyCodes)
CODES_CALLER = Policy("codes_caller", 600, 600, "address")
SIGN_IN_CALLER = Policy("sign_in_caller", 600, 600, "address")
# Wrong passwords and codes: per user name and address first, so that nobody is locked out by tries from elsewhere. Per
# user name from everywhere in windows of growing length, so that the longer somebody tries, the longer he waits: a try
# in 15 seconds at first, in 72 in the second hour, in 173 over the day. A device that its owner signed in from before
# has a count of its own in place of all these: who only knows the user name can spend none of it.
STAFF_SIGN_IN = Policy("staff_sign_in", 10, 900, "user name and address or known device", secret=True)
STAFF_SIGN_IN_QUARTER = Policy("staff_sign_in_quarter", 60, 900, "user name", secret=True)
STAFF_SIGN_IN_HOURS = Policy("staff_sign_in_hours", 200, 14_400, "user name", secret=True)
STAFF_SIGN_IN_DAY = Policy("staff_sign_in_day", 500, 86_400, "user name", secret=True)
# Wrong proofs by whoever holds a session already: what he can spend is the session's owner's alone.
PROOFS = Policy("proofs", 10, 900, "account and address", secret=True)
# Numbers that are claimed: as one's own, or as a member's. Whether a person is in a household elsewhere shows when the
# person is handed in as a member, as it has to: the law knows a person in one household. Refusals count: an honest
# household meets one or two in its life, a curious one would need many. Those of hand-ins in the process, because a
# hand-in is what everybody waits for on the busiest day.
REAL_NAMES = Policy("real_names", 10, 86_400, "account", secret=True)
HAND_INS = Policy("hand_ins", 5, 86_400, "account", Keeper.PROCESS, secret=True)

# Fields in clear, of one member of staff: enough for a full day's cases, and far from a register of the county. A try
# at what is not his counts, too.
UNMASKINGS = Policy("unmaskings", 200, 86_400, "member of staff", secret=True)

# Copies of everything held about oneself: for the owner a right, for a thief of the phone the whole of it at once.
DATA_COPIES = Policy("data_copies", 5, 86_400, "account", secret=True)

# Looking something up by number and a second fact, without sign-in. Only wrong facts count towards a number, per caller
# first: who knows a number, and nothing else, closes it for himself and not for its owner; who is signed in needs none.
#
# A code has eight characters of 32 (2^40 of them), that of a complaint or a letter twelve. From everywhere a thousand
# wrong ones an hour leave the shortest closed for 60,000 years on average, while a hundred addresses have to work
# every hour to close a number at all, and for no longer than that hour.
#
# The end of an identity number is a weak fact: 11,000 values, and 500 to a neighbour who knows birthday and sex. Twenty
# wrong ones from everywhere in thirty days leave him at 4 % in a month, and a stranger at 0.2 %. Then that fact rests,
# and the code, which the applicant has, opens as before.
LOOKUPS_CALLER = Policy("lookups_caller", 600, 600, "address")
WRONG_FACTS = Policy("wrong_facts", 10, 3600, "number and address", secret=True, refusal=TooManyGuesses)
WRONG_CODES = Policy("wrong_codes", 1000, 3600, "number", secret=True, refusal=TooManyGuesses)
WRONG_ENDS = Policy("wrong_ends", 20, 30 * 86_400, "receipt number", secret=True, refusal=TooManyGuesses)

# Saying something. A village's limit stops a flood, it must not keep a village from complaining.
COMPLAINTS_CALLER = Policy("complaints_caller", 30, 3600, "account or address")
COMPLAINTS = Policy("complaints", 300, 3600, "village or application")
OBJECTIONS_CALLER = Policy("objections_caller", 30, 3600, "address")
OBJECTIONS = Policy("objections", 300, 3600, "village's notice")

# Each has registers asked, about everybody who has signed.
PREFILLS = Policy("prefills", 20, 86_400, "account")

# Each takes most of a second of a core.
PRINTS = Policy("prints", 120, 600, "account", Keeper.PROCESS)

CORRECTIONS = Policy("corrections", 30, 86_400, "account")

# Reading.
NOTICES_CALLER = Policy("notices_caller", 600, 60, "address", Keeper.PROCESS)
# A self-check keeps nothing, its caller's address neither.
SELF_CHECKS_CALLER = Policy("self_checks_caller", 600, 60, "address", Keeper.PROCESS)
NOTICES = Policy("notices", 3000, 60, "division", Keeper.PROCESS)
EVIDENCE_CALLER = Policy("evidence_caller", 600, 60, "address", Keeper.PROCESS)
SIGNED_IN = Policy("signed_in", 600, 60, "account", Keeper.PROCESS)
PARTNER = Policy("partner", 6000, 60, "partner", Keeper.PROCESS)
# Each is about up to a hundred persons; how many in a day is the registration's own number.
STATUS_QUERIES = Policy("status_queries", 60, 60, "partner that asks")

POLICIES = (
    CODES,
    CODES_CALLER,
    SIGN_IN_CALLER,
    STAFF_SIGN_IN,
    STAFF_SIGN_IN_QUARTER,
    STAFF_SIGN_IN_HOURS,
    STAFF_SIGN_IN_DAY,
    PROOFS,
    REAL_NAMES,
    HAND_INS,
    UNMASKINGS,
    DATA_COPIES,
    LOOKUPS_CALLER,
    WRONG_FACTS,
    WRONG_CODES,
    WRONG_ENDS,
    COMPLAINTS_CALLER,
    COMPLAINTS,
    OBJECTIONS_CALLER,
    OBJECTIONS,
    PREFILLS,
    PRINTS,
    CORRECTIONS,
    NOTICES_CALLER,
    NOTICES,
    SELF_CHECKS_CALLER,
    EVIDENCE_CALLER,
    SIGNED_IN,
    PARTNER,
    STATUS_QUERIES,
)
