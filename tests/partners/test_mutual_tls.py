"""Mutual TLS, really over TLS on this machine: who is let in, and whom we believe."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app.core.connections import Connection
from app.facts import Item
from app.partners.base import PartnerUnavailable
from app.partners.tax.adapter import Tax
from app.partners.transport import CertificateUnusable, partner_client
from app.sandbox.certificates import Certificates, make_certificates
from app.sandbox.population import people
from tests.partners.suite import PATIENT, about
from tests.sandbox.outside import BASE, Outside

QUESTION = about(people()[0], Item.INCOME)


def signed_by(made: Certificates, connection: Connection) -> Connection:
    return replace(
        connection,
        certificate=str(made.certificate("us")),
        key=str(made.key("us")),
        authority=str(made.authority),
    )


async def ask(connection: Connection) -> None:
    async with partner_client({"tax": connection}) as http:
        await Tax(connection, http, PATIENT).ask(QUESTION)


async def test_who_shows_the_agreed_certificate_is_answered(outside: Outside) -> None:
    await ask(outside.connections["tax"])


async def test_a_certificate_of_another_authority_is_refused_by_them(outside: Outside, tmp_path: Path) -> None:
    ours = outside.connections["tax"]
    forged = make_certificates(tmp_path / "forged")

    with pytest.raises(PartnerUnavailable) as failure:
        await ask(replace(signed_by(forged, ours), authority=ours.authority))

    assert failure.value.reason in ("error", "refused")


async def test_an_agency_that_another_authority_signed_is_not_believed(outside: Outside, tmp_path: Path) -> None:
    ours = outside.connections["tax"]
    other = make_certificates(tmp_path / "other")

    with pytest.raises(PartnerUnavailable, match="refused"):
        await ask(replace(ours, authority=str(other.authority)))


async def test_the_authorities_of_the_machine_are_not_believed_either(outside: Outside) -> None:
    ours = outside.connections["tax"]

    async with httpx.AsyncClient() as http:
        with pytest.raises(PartnerUnavailable, match="refused"):
            await Tax(ours, http, PATIENT).ask(QUESTION)


async def test_without_a_certificate_the_agency_answers_nobody(outside: Outside) -> None:
    plain = replace(outside.connections["tax"], base_url=f"{BASE}/agencies/tax")

    with pytest.raises(PartnerUnavailable, match="refused"):
        await Tax(plain, outside.http, PATIENT).ask(QUESTION)


def test_a_key_that_cannot_be_read_stops_the_process(tmp_path: Path) -> None:
    made = make_certificates(tmp_path)
    whole = signed_by(made, Connection("https://agency.test"))
    (tmp_path / "broken.pem").write_text("no certificate")

    for broken in (
        replace(whole, key=str(tmp_path / "missing.key")),
        replace(whole, key=str(made.key("agencies"))),
        replace(whole, authority=str(tmp_path / "broken.pem")),
        replace(whole, certificate=str(tmp_path / "broken.pem")),
    ):
        with pytest.raises(CertificateUnusable):
            partner_client({"tax": broken})


@pytest.mark.parametrize("again", ["https://agency.test/shared", "https://AGENCY.test:443/shared/"])
def test_one_address_is_shown_one_certificate(tmp_path: Path, again: str) -> None:
    first = signed_by(make_certificates(tmp_path / "a"), Connection("https://agency.test/shared"))
    second = signed_by(make_certificates(tmp_path / "b"), Connection(again))

    with pytest.raises(CertificateUnusable, match="another certificate"):
        partner_client({"tax": first, "market_regulation": second})


def test_certificates_are_made_once_and_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    first = make_certificates(tmp_path).authority.read_bytes()

    assert make_certificates(tmp_path).authority.read_bytes() == first
    for side in ("us", "agencies"):
        assert Certificates(tmp_path).key(side).stat().st_mode & 0o777 == 0o600
    Certificates(tmp_path).key("us").unlink()
    assert make_certificates(tmp_path).authority.read_bytes() != first
