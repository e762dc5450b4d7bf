"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class CampaignNotFound(DomainError):
    """No such campaign, or not one that concerns this person's division."""

    code = "campaign_not_found"
    kind = Kind.NOT_FOUND
    title = "There is no such campaign"
    title_zh = "未找到该批量核查"


class CampaignUnderWay(DomainError):
    """The same is planned or runs for this very division: nobody is to be asked about twice."""

    code = "campaign_under_way"
    kind = Kind.CONFLICT
    title = "The same campaign is planned or runs for this division already"
    title_zh = "该区划已有同类批量核查待批准或正在进行"


class NotOfThisLevel(DomainError):
    """A campaign is for a county, a prefecture or the province."""

    code = "campaign_not_of_this_level"
    kind = Kind.UNPROCESSABLE
    title = "A campaign is for a county, a prefecture or a province"
    title_zh = "批量核查须以县、州（市）或省为单位"


class NobodyReceives(DomainError):
    """The program's aid is not granted by this system (nor is any that is given once): it has no awards to look at."""

    code = "campaign_nobody_receives"
    kind = Kind.UNPROCESSABLE
    title = "This program's aid is not granted here: there is nothing to review"
    title_zh = "该救助项目不在本系统确认发放，没有可核查的在保对象"
