"""Listing whom a campaign asks about, a slice in one transaction: a killed worker leaves whole slices and no half."""

from collections.abc import Collection
from uuid import UUID

from app.campaigns.lifecycle import REVIEWS, Status
from app.campaigns.needs import items_of
from app.campaigns.queries.opening import Asking, Slice, list_registered_elsewhere, list_slice, next_slice
from app.campaigns.queries.reading import get_campaign
from app.core.clock import today
from app.core.db import WriteSession
from app.facts import Item
from app.identity.actors import SYSTEM
from app.partners.registry import partner_for
from app.reference.term_queries import load_procedures
from app.verification.ways import further_items

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
    found = await next_slice(db, campaign, limit=at_once)
    if found.awards:
        whole = campaign.kind in REVIEWS
        asking = [Asking(item, partner_for(Item(item))) for item in items_of(campaign.kind, campaign.program)]
        if whole:
            asking += await _also_asked(db, found, {each.item for each in asking})
        await list_slice(db, campaign, found.awards, asking, whole=whole, now=db.clock.now())
        asked = {*campaign.items, *(each.item for each in asking)}
        campaign.items = [item.value for item in Item if item in asked]
        campaign.after = found.awards[-1]
    if len(found.awards) < at_once:
        campaign.opened_at = db.clock.now()
    await db.flush()
    return campaign.opened_at is None


async def _also_asked(db: WriteSession, found: Slice, needed: Collection[str]) -> list[Asking]:
    """Return what the places of a slice have asked beyond what the program needs: each place for itself. Another
    province is asked only about who is registered in one."""
    places = {county.ljust(12, "0"): county for county in found.counties}
    procedures = await load_procedures(db, set(places), today(db.clock))
    further = {places[place]: further_items(procedure) for place, procedure in procedures.items()}
    elsewhere: Collection[UUID] = ()
    if any(Item.OTHER_PROVINCE in items for items in further.values()):
        elsewhere = await list_registered_elsewhere(db, found.cases)
    return [
        Asking(item, partner_for(item), county, elsewhere if item is Item.OTHER_PROVINCE else None)
        for county, items in sorted(further.items())
        for item in items
        if item not in needed
    ]
