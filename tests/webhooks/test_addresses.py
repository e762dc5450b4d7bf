"""Nobody makes us call into our own network."""

import ipaddress

import pytest

from app.webhooks.addresses import AddressRefused, check_url, is_public, resolve
from app.webhooks.errors import UrlNotAllowed

INNER = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8"])
def test_outer_addresses_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/hook",
        "ftp://partner.example/hook",
        "https://user:secret@partner.example/hook",
        "https://partner.example/hook#part",
        "https://",
        "https:///hook",
        "https://partner.example:99999/hook",
        "https://[::1/hook",
        "https://partner.example/ho ok",
        "https://伙伴.example/hook",
        "javascript:alert(1)",
        "https://localhost/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://169.254.169.254/latest",
        "https://partner.example/" + "x" * 500,
    ],
)
def test_an_address_that_events_cannot_go_to_is_refused(url):
    with pytest.raises(UrlNotAllowed):
        check_url(url, sandbox=False)


@pytest.mark.parametrize(
    "url", ["https://partner.example/hook?a=1", "https://partner.example:8443/", "https://8.8.8.8/"]
)
def test_https_to_the_outside_is_allowed(url):
    assert check_url(url, sandbox=False) == url


def test_only_the_sandbox_calls_its_own_machine():
    assert check_url("http://127.0.0.1:9000/hook", sandbox=True)
    with pytest.raises(UrlNotAllowed):
        check_url("http://10.0.0.1/hook", sandbox=True)


async def test_a_name_that_resolves_to_an_inner_address_is_refused():
    with pytest.raises(AddressRefused):
        await resolve("https://localhost:8443/hook", sandbox=False)


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f000001/", "https://127.1/"])
async def test_other_spellings_of_an_inner_address_are_refused(url):
    with pytest.raises((AddressRefused, OSError)):
        await resolve(url, sandbox=False)


async def test_a_name_with_a_public_and_an_inner_address_is_refused(monkeypatch):
    import asyncio

    async def both(*_args, **_kwargs):
        return [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)

    with pytest.raises(AddressRefused):
        await resolve("https://rebinding.example/hook", sandbox=False)
