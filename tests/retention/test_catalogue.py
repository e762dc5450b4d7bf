"""Every table is in the citizen's copy, or there is a reason why not."""

from app.core.db import Base
from app.reference.retention import Kept
from app.retention.catalogue import CATALOGUE, NOT_COPIED, NOT_COPIED_KEPT
from app.retention.copies import HOLDINGS, LOOKS
from app.retention.jobs import _of_all
from tests.support.cleaning import load_models

load_models()
COPIED = {holding.table for holding in HOLDINGS} | {LOOKS}


def test_every_table_is_copied_or_says_why_not():
    assert set(Base.metadata.tables) == COPIED | set(NOT_COPIED)
    assert not COPIED & set(NOT_COPIED)


def test_what_is_not_copied_and_goes_is_kept_as_what_its_night_says():
    nights = {table: kept for table, kept, _ in (work.args[:3] for work in _of_all(1))}

    assert {table: NOT_COPIED_KEPT[table] for table in nights if table in NOT_COPIED} == {
        table: kept for table, kept in nights.items() if table in NOT_COPIED
    }
    assert set(NOT_COPIED_KEPT) - nights.keys() == {"webhook_attempts"}, "it goes with its delivery"


def test_what_is_copied_says_why_it_is_held():
    assert set(CATALOGUE) == COPIED
    for table, about in CATALOGUE.items():
        words = (*about.title, *about.purpose, *about.source, *about.basis)
        assert all(words), table


def test_what_is_left_out_of_a_row_or_kept_back_is_there():
    for holding in HOLDINGS:
        attributes = {each.key for each in holding.model.__mapper__.column_attrs}
        assert holding.without - {"county"} <= attributes | _PEOPLE, holding.table
        assert holding.since is None or holding.since in attributes, holding.table


def test_what_has_a_period_of_its_own_says_when_it_begins():
    own = {Kept.SESSION, Kept.ONE_TIME_CODE, Kept.MESSAGE, Kept.UPLOAD}
    silent = {each.table for each in HOLDINGS if CATALOGUE[each.table].kept in own and each.since is None}

    assert not silent


# Left out wherever a table of the review has them.
_PEOPLE = {"recorded_by", "given_by", "sent_by", "made_by", "decided_by"}
