"""How partners sign: as the README tells them, over who sends what, where to, and when."""

import re
from pathlib import Path

import pytest

from app.facts import FactKey
from app.partners.banking.adapter import read_late_reply
from app.partners.call_backs import WINDOW, NotSigned, require_signed, sign

README = Path(__file__).parents[2] / "README.md"
PATH = "/v1/partner/check-answers"


def _example() -> tuple[str, int, bytes, str]:
    """Return key, time, body and signature of the example in the README."""
    (block,) = re.findall(r"```sh\n  body=.*?```", README.read_text(), re.DOTALL)
    found = [
        re.search(pattern, block)
        for pattern in (r"-hmac '(.*?)'", r"sent_at=(\d+)", r"body='(.*)'", r"# (v1=[0-9a-f]{64})")
    ]
    key, sent_at, body, signature = (match.group(1) for match in found if match)
    return key, int(sent_at), body.encode(), signature


def test_the_example_of_the_readme_is_what_we_compute_and_take():
    key, sent_at, body, signature = _example()

    assert sign(key, "banking", PATH, sent_at, body) == signature
    require_signed(key, "banking", PATH, body, sent_at=str(sent_at), signature=signature, now=sent_at + 1.5)
    assert read_late_reply(body).answer.facts[FactKey.DEPOSIT_BALANCE].value == 186_035


@pytest.mark.parametrize("late", [-WINDOW, 0, WINDOW])
def test_the_clocks_may_differ_by_the_window_either_way(late: int):
    key, sent_at, body, signature = _example()

    require_signed(key, "banking", PATH, body, sent_at=str(sent_at), signature=signature, now=sent_at + late)
    with pytest.raises(NotSigned, match="stale"):
        require_signed(
            key, "banking", PATH, body, sent_at=str(sent_at), signature=signature, now=sent_at + 2 * WINDOW + 1
        )


def test_where_no_key_is_agreed_on_nothing_is_signed():
    _, sent_at, body, _ = _example()

    with pytest.raises(NotSigned, match="wrong"):
        require_signed(
            "",
            "banking",
            PATH,
            body,
            sent_at=str(sent_at),
            signature=sign("", "banking", PATH, sent_at, body),
            now=sent_at,
        )
