import pytest

from tests.sandbox.outside import BASE, Outside

SINK = f"{BASE}/webhook-sink/county-office"


async def test_deliveries_are_kept_with_headers_and_body(outside: Outside) -> None:
    await outside.http.post(SINK, content=b"first", headers={"webhook-id": "msg_1"})
    await outside.http.post(SINK, content=b"second")

    shown = (await outside.http.get(SINK)).json()

    assert shown["received"] == 2
    assert [delivery["body"] for delivery in shown["deliveries"]] == ["second", "first"]
    assert shown["deliveries"][1]["headers"]["webhook-id"] == "msg_1"
    assert shown["deliveries"][1]["answered"] == 204


async def test_it_fails_as_often_as_it_was_told(outside: Outside) -> None:
    await outside.http.post(f"{SINK}/fail", json={"times": 2, "status": 503, "retry_after": 7})

    answers = [await outside.http.post(SINK, content=b"x") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 204]
    assert [answer.headers.get("Retry-After") for answer in answers] == ["7", "7", None]


async def test_only_the_latest_are_kept(outside: Outside) -> None:
    for number in range(205):
        await outside.http.post(SINK, content=str(number).encode())

    shown = (await outside.http.get(SINK)).json()

    assert (shown["received"], len(shown["deliveries"])) == (205, 200)
    assert shown["deliveries"][-1]["body"] == "5"


async def test_a_sink_can_be_emptied(outside: Outside) -> None:
    await outside.http.post(SINK, content=b"x")
    await outside.http.delete(SINK)

    assert (await outside.http.get(SINK)).json() == {"received": 0, "deliveries": []}


async def test_memory_has_an_end(outside: Outside) -> None:
    for number in range(50):
        await outside.http.post(f"{BASE}/webhook-sink/sink-{number}", content=b"x")

    assert (await outside.http.post(f"{BASE}/webhook-sink/one-more", content=b"x")).status_code == 429
    assert (await outside.http.post(f"{BASE}/webhook-sink/sink-1", content=b"x" * 300_000)).status_code == 413


@pytest.mark.parametrize("body", [{"times": -1}, {"times": 1, "status": 200}, {"times": "many"}, {}])
async def test_a_bad_order_to_fail_is_refused(outside: Outside, body: dict[str, object]) -> None:
    assert (await outside.http.post(f"{SINK}/fail", json=body)).status_code == 422


async def test_names_are_plain(outside: Outside) -> None:
    assert (await outside.http.post(f"{BASE}/webhook-sink/UPPER", content=b"x")).status_code == 422
