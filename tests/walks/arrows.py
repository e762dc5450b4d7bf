"""Every arrow of the procedure, by the law's words: what a walk may take, and what a trial is measured by."""

from typing import NamedTuple


class Arrow(NamedTuple):
    """From one state to the next, and how. "" is where nothing has begun."""

    machine: str
    source: str
    how: str
    target: str

    def __str__(self) -> str:
        return f"{self.machine}: {self.source or '·'} --{self.how}--> {self.target}"


_APPLICATION = (
    ("draft", "edit", "draft"),
    ("draft", "submit", "submitted"),
    ("draft", "discard", "discarded"),
    ("submitted", "accept", "accepted"),
    ("submitted", "return", "supplement_requested"),
    ("submitted", "redirect", "redirected"),
    ("submitted", "withdraw", "withdrawn"),
    ("supplement_requested", "edit", "supplement_requested"),
    ("supplement_requested", "supplement", "submitted"),
    ("supplement_requested", "withdraw", "withdrawn"),
    ("supplement_requested", "terminate", "terminated"),
    ("accepted", "extend", "accepted"),
    ("accepted", "withdraw", "withdrawn"),
    ("accepted", "terminate", "terminated"),
    ("accepted", "confirm", "approved"),
    ("accepted", "refuse", "refused"),
)
_REVIEW = (
    ("", "begin", "surveying"),
    ("surveying", "visit", "surveying"),
    ("surveying", "favour", "on_notice"),
    ("surveying", "oppose", "with_county"),
    ("surveying", "end", "ended"),
    ("on_notice", "notice_ended", "with_county"),
    ("on_notice", "object", "re_surveying"),
    ("on_notice", "end", "ended"),
    ("re_surveying", "visit", "re_surveying"),
    ("re_surveying", "appraise", "re_surveying"),
    ("re_surveying", "favour", "with_county"),
    ("re_surveying", "oppose", "with_county"),
    ("re_surveying", "end", "ended"),
    ("with_county", "county_visit", "with_county"),
    ("with_county", "confirm", "confirmed"),
    ("with_county", "refuse", "refused"),
    ("with_county", "send_back", "surveying"),
    ("with_county", "end", "ended"),
)
_RESULT = (
    ("", "tell", "told"),
    ("told", "object", "objected"),
    ("told", "accept", "stands"),
    ("told", "time", "stands"),
    ("objected", "recheck", "rechecking"),
    ("rechecking", "stands", "concluded"),
    ("rechecking", "settled", "concluded"),
)
_LETTER = (
    ("", "write", "written"),
    ("written", "send", "sent"),
    ("written", "set_aside", "discarded"),
    ("written", "end", "cancelled"),
    ("sent", "answer", "answered"),
    ("sent", "set_aside", "not_awaited"),
    ("sent", "time", "unanswered"),
    ("sent", "end", "cancelled"),
    ("unanswered", "answer", "answered"),
    ("unanswered", "set_aside", "not_awaited"),
    ("unanswered", "end", "cancelled"),
    ("not_awaited", "answer", "answered"),
    ("not_awaited", "end", "cancelled"),
)
_AWARD = (
    ("", "confirm", "active"),
    ("active", "hear", "active"),
    ("active", "suspend", "suspended"),
    ("active", "stop", "stopped"),
    ("suspended", "hear", "suspended"),
    ("suspended", "resume", "active"),
    ("suspended", "stop", "stopped"),
)
_PAYROLL = (
    ("", "build", "draft"),
    ("draft", "submit", "submitted"),
    ("draft", "reject", "rejected"),
    ("submitted", "approve", "approved"),
    ("submitted", "reject", "rejected"),
    ("approved", "release", "released"),
    ("approved", "reject", "rejected"),
    ("released", "settle", "released"),
    ("released", "close", "closed"),
    ("closed", "settle", "closed"),
)
_COMPLAINT = (
    ("", "file", "received"),
    ("received", "assign", "assigned"),
    ("assigned", "assign", "assigned"),
    ("assigned", "answer", "answered"),
    ("assigned", "uphold", "upheld"),
    ("assigned", "dismiss", "dismissed"),
)
_PERSON = (("", "ask", "open"), ("answered", "ask", "open"), ("open", "answer", "answered"))

ARROWS = frozenset(
    Arrow(machine, *arrow)
    for machine, table in {
        "application": _APPLICATION,
        "review": _REVIEW,
        "check result": _RESULT,
        "evidence letter": _LETTER,
        "award": _AWARD,
        "payroll": _PAYROLL,
        "complaint": _COMPLAINT,
        "human review": _PERSON,
    }.items()
    for arrow in table
)
