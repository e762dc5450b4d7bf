"""What is still to come of an application, if all goes well: the procedure of D57, cut by how the case stands.

Pure. Only what begins by law is promised: detours (a supplement, objections, written evidence) are no part of it, and
no day is told of what has not begun.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status
from app.reference.procedure import Authority

_CONFIRMING = frozenset({StepKind.CONFIRMATION, StepKind.TOWNSHIP_CONFIRMATION})

# D57: acceptance art. 10, survey and verification art. 15-17, opinion and notice art. 19, confirmation art. 20, payment
# art. 21 and 25. Whoever confirms, it is `CONFIRMATION` here.
WAY = (
    StepKind.ACCEPTANCE,
    StepKind.VERIFICATION,
    StepKind.SURVEY,
    StepKind.HOME_VISIT,
    StepKind.OPINION,
    StepKind.NOTICE,
    StepKind.CONFIRMATION,
    StepKind.FIRST_PAYMENT,
)
_UP_TO_VISIT = frozenset(WAY[: WAY.index(StepKind.OPINION)])

# What need not come any more once a step has begun, beside the step itself. A new opinion after an objection is not
# posted (art. 19), and nothing is confirmed without a visit to the home.
_PASSED: dict[StepKind, frozenset[StepKind]] = {
    StepKind.OPINION: _UP_TO_VISIT,
    StepKind.NOTICE: _UP_TO_VISIT | {StepKind.OPINION},
    StepKind.RE_SURVEY: _UP_TO_VISIT | {StepKind.OPINION, StepKind.NOTICE},
    StepKind.CONFIRMATION: _UP_TO_VISIT | {StepKind.OPINION, StepKind.NOTICE},
}
_AGAIN = frozenset({StepKind.OPINION, StepKind.NOTICE, StepKind.CONFIRMATION})  # after the papers were sent back
_UNDECIDED = frozenset({Status.DRAFT, Status.SUBMITTED, Status.SUPPLEMENT_REQUESTED, Status.ACCEPTED})


class Taken(Protocol):
    """A step that has begun: `outcome` is None while it is open."""

    @property
    def kind(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...


def what_follows(status: Status, confirmed_by: str | None, steps: Iterable[Taken]) -> Sequence[StepKind]:
    """Return the steps to come, in order, after those taken so far; none once nothing comes by itself.

    An opinion against a household cannot be confirmed: what comes then is the written decision.
    """
    begun, opposed = _begun(steps)
    if status == Status.APPROVED:
        return [kind for kind in WAY[-1:] if kind not in begun]
    if status not in _UNDECIDED:
        return []
    way = (*WAY[:-1], StepKind.DECISION_NOTICE) if opposed else WAY
    ahead = [kind for kind in way if kind not in begun]
    if confirmed_by != Authority.TOWNSHIP:
        return ahead
    return [StepKind.TOWNSHIP_CONFIRMATION if kind is StepKind.CONFIRMATION else kind for kind in ahead]


def _begun(steps: Iterable[Taken]) -> tuple[set[StepKind], bool]:
    """Return what has begun or need not come, and whether the last opinion was against the household."""
    begun: set[StepKind] = set()
    opposed = False
    for step in steps:
        kind = StepKind.CONFIRMATION if step.kind in _CONFIRMING else StepKind(step.kind)
        if kind in (StepKind.OPINION, StepKind.RE_SURVEY):
            opposed = step.outcome == "unfavourable"
        if kind is StepKind.CONFIRMATION and step.outcome == "sent_back":
            begun -= _AGAIN
            opposed = False
            continue
        begun |= {kind} | _PASSED.get(kind, frozenset())
        if kind is StepKind.SURVEY and step.outcome == "visited":
            begun.add(StepKind.HOME_VISIT)
        elif kind is StepKind.SUPPLEMENT and step.outcome is None:
            begun.discard(StepKind.ACCEPTANCE)
        elif kind is StepKind.RECHECK and step.outcome is None:
            begun.discard(StepKind.VERIFICATION)
    return begun, opposed
