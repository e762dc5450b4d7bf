"""The way from survey to decision, as one table.

最低生活保障审核确认办法 (D57): survey art. 15-16, opinion and notice art. 19, confirmation art. 20-21. A favourable
opinion is posted in the village; an unfavourable one is not, because nothing is to be published about a household that
would be refused. After an objection the household is surveyed again or appraised, and the new opinion goes to the
county.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    SURVEYING = "surveying"
    ON_NOTICE = "on_notice"
    RE_SURVEYING = "re_surveying"
    WITH_COUNTY = "with_county"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ENDED = "ended"


class Action(StrEnum):
    RECORD_VISIT = "record_visit"
    RECORD_APPRAISAL = "record_appraisal"
    FAVOUR = "favour"
    FAVOUR_UNPOSTED = "favour_unposted"
    OPPOSE = "oppose"
    NOTICE_ENDED = "notice_ended"
    OBJECT = "object"
    RECORD_COUNTY_VISIT = "record_county_visit"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    SEND_BACK = "send_back"
    END = "end"


OPEN = frozenset({Status.SURVEYING, Status.ON_NOTICE, Status.RE_SURVEYING, Status.WITH_COUNTY})

_SURVEYORS = frozenset({Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER})
_REVIEWER = frozenset({Role.TOWNSHIP_REVIEWER})
_COUNTY = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER})
# Which of them decides a case (SAL art. 44), see `authority`.
_CONFIRMER = frozenset({Role.COUNTY_CONFIRMER, Role.TOWNSHIP_CONFIRMER})
_SYSTEM = frozenset({Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.SURVEYING, Action.RECORD_VISIT, Status.SURVEYING, _SURVEYORS),
        Step(Status.SURVEYING, Action.FAVOUR, Status.ON_NOTICE, _REVIEWER),
        # A child's case that must not be posted, on a ground from the list: see `notice_skipping`.
        Step(Status.SURVEYING, Action.FAVOUR_UNPOSTED, Status.WITH_COUNTY, _REVIEWER),
        Step(Status.SURVEYING, Action.OPPOSE, Status.WITH_COUNTY, _REVIEWER),
        Step(Status.SURVEYING, Action.END, Status.ENDED, _SYSTEM),
        Step(Status.ON_NOTICE, Action.NOTICE_ENDED, Status.WITH_COUNTY, _SYSTEM),
        Step(Status.ON_NOTICE, Action.OBJECT, Status.RE_SURVEYING, _SYSTEM),
        Step(Status.ON_NOTICE, Action.END, Status.ENDED, _SYSTEM),
        Step(Status.RE_SURVEYING, Action.RECORD_VISIT, Status.RE_SURVEYING, _SURVEYORS),
        Step(Status.RE_SURVEYING, Action.RECORD_APPRAISAL, Status.RE_SURVEYING, _SURVEYORS),
        Step(Status.RE_SURVEYING, Action.FAVOUR, Status.WITH_COUNTY, _REVIEWER),
        Step(Status.RE_SURVEYING, Action.OPPOSE, Status.WITH_COUNTY, _REVIEWER),
        Step(Status.RE_SURVEYING, Action.END, Status.ENDED, _SYSTEM),
        Step(Status.WITH_COUNTY, Action.RECORD_COUNTY_VISIT, Status.WITH_COUNTY, _COUNTY),
        Step(Status.WITH_COUNTY, Action.CONFIRM, Status.CONFIRMED, _CONFIRMER),
        Step(Status.WITH_COUNTY, Action.REFUSE, Status.REFUSED, _CONFIRMER),
        Step(Status.WITH_COUNTY, Action.SEND_BACK, Status.SURVEYING, _COUNTY | _CONFIRMER),
        Step(Status.WITH_COUNTY, Action.END, Status.ENDED, _SYSTEM),
    ]
)
