"""What leaves by HTTP, and how answers are read. Real connections on loopback."""

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from standardwebhooks import Webhook, WebhookVerificationError

from app.core.clock import SystemClock
from app.webhooks.sending import Parcel, WebhookSender, delivery_client
from tests.support.receiver import run_receiver

SECRET, OLD_SECRET, OTHER_SECRET = ("whsec_" + letter * 43 + "=" for letter in ("AEI"))


def _parcel(url, *secrets, body='{"type":"test.knocked"}'):
    return Parcel(url=url, message_id="0192f0c1", body=body, secrets=secrets or (SECRET,))


async def test_a_receiver_can_verify_the_signature_with_the_published_library(receiver, sender):
    outcome = await sender.send(_parcel(receiver.url))

    (request,) = receiver.received
    assert outcome.is_success
    assert (request.method, request.target) == ("POST", "/hook")
    assert request.headers["host"] == receiver.url.split("/")[2]
    assert request.headers["webhook-id"] == "0192f0c1"
    assert Webhook(SECRET).verify(request.body, request.headers) == {"type": "test.knocked"}
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER_SECRET).verify(request.body, request.headers)


async def test_during_a_rotation_both_secrets_verify(receiver, sender):
    await sender.send(_parcel(receiver.url, SECRET, OLD_SECRET))

    (request,) = receiver.received
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    for secret in (SECRET, OLD_SECRET):
        assert Webhook(secret).verify(request.body, request.headers)


async def test_a_redirect_is_an_answer_and_not_followed(receiver, sender):
    receiver.answer(302, {"Location": receiver.url})

    outcome = await sender.send(_parcel(receiver.url))

    assert (outcome.status_code, outcome.is_success) == (302, False)
    assert len(receiver.received) == 1


async def test_a_silent_receiver_is_given_up_at_the_deadline(receiver):
    receiver.answer(200, wait=5)
    async with delivery_client() as http:
        outcome = await WebhookSender(http, "", sandbox=True, deadline=0.2).send(_parcel(receiver.url))

    assert (outcome.status_code, outcome.error) == (None, "timeout")


async def test_a_huge_answer_is_not_read_to_its_end(receiver, sender):
    receiver.answer(200, body=b"x" * 30_000_000)

    outcome = await sender.send(_parcel(receiver.url))

    assert outcome.is_success


async def test_nobody_there_and_no_such_name_are_outcomes(sender):
    assert (await sender.send(_parcel("http://127.0.0.1:1/hook"))).error == "connection_failed"
    assert (await sender.send(_parcel("https://no-such-host.invalid/hook"))).error == "name_not_resolved"


async def test_outside_the_sandbox_this_machine_is_not_called(receiver):
    async with delivery_client() as http:
        outcome = await WebhookSender(http, "", sandbox=False).send(_parcel(receiver.url))

    assert outcome.error == "address_refused"
    assert receiver.received == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("120", 120), ("0", 0), ("soon", None), ("", None), ("-5", None), ("9" * 30, None), ("Mon, 99 Foo", None)],
)
async def test_retry_after_in_seconds_is_read(receiver, sender, text, expected):
    receiver.answer(503, {"Retry-After": text})

    outcome = await sender.send(_parcel(receiver.url))

    assert outcome.wished_pause == (None if expected is None else timedelta(seconds=expected))


async def test_retry_after_as_a_date_is_read_by_the_real_clock(receiver, sender):
    receiver.answer(429, {"Retry-After": format_datetime(SystemClock().now() + timedelta(minutes=10), usegmt=True)})

    outcome = await sender.send(_parcel(receiver.url))

    assert timedelta(minutes=9) < outcome.wished_pause <= timedelta(minutes=10)


async def test_the_certificate_is_checked_against_the_name_although_the_connection_goes_to_an_ip(tmp_path):
    certificate, key = _make_certificate(tmp_path, "localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=certificate)
    async with run_receiver(server) as receiver, httpx.AsyncClient(verify=trusting) as http:
        sender = WebhookSender(http, "", sandbox=True)

        by_name = await sender.send(_parcel(receiver.url))
        by_address = await sender.send(_parcel(receiver.url.replace("localhost", "127.0.0.1")))

    assert by_name.is_success
    assert by_address.error == "connection_failed"


def _make_certificate(folder, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
