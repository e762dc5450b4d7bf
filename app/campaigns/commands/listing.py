"""Listing whom a campaign asks about, a slice in one transaction: a killed worker leaves whole slices and no half."""

from uuid import UUID

from app.campaigns.lifecycle import REVIEWS, Status
from app.campaigns.queries.opening import list_slice
from app.campaigns.queries.reading import get_campaign
from app.core.db import WriteSession
from app.facts import Item
from app.identity.actors import SYSTEM
from app.partners.registry import partner_for

OPEN_CAMPAIGN = "open_campaign"  # the job that lists whom a campaign asks about
AT_ONCE = 500  # households in one transaction: some 20,000 questions, and about a second


async def open_next(db: WriteSession, campaign_id: UUID, *, at_once: int = AT_ONCE) -> bool:
    """List the next households of a campaign; say whether there may be more. A campaign that does not run lists none.

    Raises:
        CampaignNotFound: there is none.
    """
    campaign = await get_campaign(db, SYSTEM, campaign_id, lock=True)
    if campaign.status != Status.RUNNING or campaign.opened_at is not None:
        return False
    partners = [partner_for(Item(item)) for item in campaign.items]
    whole = campaign.kind in REVIEWS
    found = await list_slice(db, campaign, partners, whole=whole, limit=at_once, now=db.clock.now())
    if found is not None:
        campaign.after = found.after
    if found is None or found.awards < at_once:
        campaign.opened_at = db.clock.now()
    await db.flush()
    return campaign.opened_at is None
