from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.clock import OffsetClock
from app.sandbox.durations import NotADuration, later
from app.sandbox.faults import Faults, Kind
from app.sandbox.main import NotASandbox, build_app, create_app
from tests.sandbox.outside import BASE, Outside, running_sandbox, settings_in

NOON = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("P7D", NOON + timedelta(days=7)),
        ("P2W", NOON + timedelta(days=14)),
        ("PT36H", NOON + timedelta(hours=36)),
        ("P1DT1H1M1S", NOON + timedelta(days=1, hours=1, minutes=1, seconds=1)),
        ("P0D", NOON),
        ("P1M", datetime(2026, 2, 28, 4, 0, tzinfo=UTC)),
        ("P12M", datetime(2027, 1, 31, 4, 0, tzinfo=UTC)),
        ("P2Y1M", datetime(2028, 2, 29, 4, 0, tzinfo=UTC)),
        ("P1M1D", datetime(2026, 3, 1, 4, 0, tzinfo=UTC)),
    ],
)
def test_durations_go_forwards(duration: str, expected: datetime) -> None:
    assert later(NOON, duration) == expected


def test_a_month_is_counted_on_the_calendar_of_china() -> None:
    late_evening_utc = datetime(2026, 1, 31, 17, 0, tzinfo=UTC)  # the first of February there

    assert later(late_evening_utc, "P1M") == datetime(2026, 2, 28, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "7D", "P7", "P-7D", "-P7D", "P1.5D", "p7d", "P7D ", "PD", "P1DT", "P1D1M", "P٧D", "P999999D"],
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(NotADuration):
        later(NOON, text)


async def test_the_clock_moves_for_every_process_of_the_installation(outside: Outside, tmp_path: Path) -> None:
    others = OffsetClock(tmp_path / "clock")
    before = others.now()

    answer = await outside.http.post(f"{BASE}/clock", json={"advance": "P7D"})
    again = await outside.http.post(f"{BASE}/clock", json={"advance": "PT1H"})

    assert answer.json()["offset_seconds"] == 604_800
    assert again.json() == (await outside.http.get(f"{BASE}/clock")).json() | {"now": again.json()["now"]}
    moved = others.now() - before
    assert timedelta(days=7, hours=1) <= moved < timedelta(days=7, hours=1, minutes=1)


@pytest.mark.parametrize(
    "body",
    [
        {"advance": "P-7D"},
        {"advance": "yesterday"},
        {"advance": 7},
        {"advance": "P99Y"},
        {"advance": "P7D", "agency": "natural_resources"},
        {},
        [],
    ],
)
async def test_a_bad_move_of_the_clock_is_refused_and_moves_nothing(outside: Outside, body: object) -> None:
    answer = await outside.http.post(f"{BASE}/clock", json=body)

    assert answer.status_code == 422
    assert answer.json()
    assert (await outside.http.get(f"{BASE}/clock")).json()["offset_seconds"] == 0


async def test_text_that_is_none_is_refused_in_words(outside: Outside) -> None:
    answer = await outside.http.post(
        f"{BASE}/clock", content=rb'{"advance": "P\ud800D"}', headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422


async def test_faults_are_set_listed_and_cleared(outside: Outside) -> None:
    await outside.fault("natural_resources", "error", rate=0.5)
    await outside.fault("banking", "latency", seconds=0.1)

    listed = (await outside.http.get(f"{BASE}/faults")).json()["faults"]
    left = (await outside.http.delete(f"{BASE}/faults", params={"agency": "natural_resources"})).json()["faults"]
    none = (await outside.http.delete(f"{BASE}/faults")).json()["faults"]

    assert [(fault["agency"], fault["kind"], fault["rate"]) for fault in listed] == [
        ("natural_resources", "error", 0.5),
        ("banking", "latency", 1.0),
    ]
    assert [fault["agency"] for fault in left] == ["banking"]
    assert none == []


@pytest.mark.parametrize(
    "change",
    [
        {"agency": "tax_bureau"},
        {"kind": "explosion"},
        {"rate": 1.5},
        {"rate": -0.1},
        {"seconds": 31},
        {"seconds": -1},
        {"rate": None},
        {"unknown": 1},
    ],
)
async def test_a_bad_fault_is_refused(outside: Outside, change: dict[str, object]) -> None:
    order = {"agency": "natural_resources", "kind": "error", "rate": 1.0} | change

    answer = await outside.http.post(f"{BASE}/faults", json=order)

    assert answer.status_code == 422
    assert answer.json()["faults"]
    assert (await outside.http.get(f"{BASE}/faults")).json() == {"faults": []}


async def test_numbers_that_are_none_are_refused_in_words(outside: Outside) -> None:
    answer = await outside.http.post(
        f"{BASE}/faults",
        content=b'{"agency": "natural_resources", "kind": "error", "rate": NaN}',
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(("rate", "hits"), [(0.0, 0), (0.1, 10), (0.25, 25), (1 / 3, 33), (1.0, 100)])
def test_a_fault_is_spread_evenly_over_the_answers(rate: float, hits: int) -> None:
    faults = Faults()
    faults.set("natural_resources", Kind.ERROR, rate, 0)

    assert sum(bool(faults.draw("natural_resources")) for _ in range(100)) == hits
    assert not faults.draw("banking")


async def test_faults_do_not_reach_the_ways_of_looking_in(outside: Outside) -> None:
    await outside.fault("paying_bank", "error")

    for path in ("questions", "credits?account=1"):
        assert (await outside.http.get(f"{BASE}/agencies/paying_bank/{path}")).status_code == 200


async def test_an_unknown_agency_has_no_counters(outside: Outside) -> None:
    assert (await outside.http.get(f"{BASE}/agencies/tax_bureau/questions")).status_code == 422


async def test_the_front_page_says_what_is_here(outside: Outside) -> None:
    page = await outside.http.get(f"{BASE}/")

    assert page.headers["Content-Type"].startswith("text/html")
    assert "/clock" in page.text
    assert "http" not in page.text.replace("<!doctype html>", "")


def test_outside_a_sandbox_it_refuses_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VAULT_FILE", "TOKEN_KEY_FILE", "STORAGE_DIR", "PARTNERS_FILE", "SANDBOX_CLOCK_FILE"):
        monkeypatch.setenv(f"DIBAO_{name}", str(tmp_path / "file"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://unused")
    monkeypatch.setenv("DIBAO_ENVIRONMENT", "production")

    with pytest.raises(NotASandbox):
        create_app()


def test_without_a_clock_or_a_connection_it_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(NotASandbox, match="clock"):
        build_app(settings_in(tmp_path, sandbox_clock_file=None))

    settings = settings_in(tmp_path)
    settings.partners_file.write_text("{}")
    with pytest.raises(NotASandbox, match="sms_gateway"):
        build_app(settings)


async def test_the_clock_keeps_its_place_over_a_restart(tmp_path: Path) -> None:
    async with running_sandbox(settings_in(tmp_path)) as outside:
        await outside.http.post(f"{BASE}/clock", json={"advance": "P1D"})

    async with running_sandbox(settings_in(tmp_path)) as outside:
        assert (await outside.http.get(f"{BASE}/clock")).json()["offset_seconds"] == 86_400
