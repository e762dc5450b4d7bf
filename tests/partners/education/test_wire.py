import time
from uuid import UUID

import httpx
import pytest

from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.batch import BadLineReason, ResultFile
from app.partners.education import wire
from app.partners.education.adapter import Education
from app.sandbox.population import people
from tests.partners.file_suite import PATIENT, order_for
from tests.partners.recorded import CONNECTION
from tests.partners.suite import about, query_for
from tests.sandbox.outside import Outside

SERIAL = "B532529261122ABCDEF012345"
REFERENCE = UUID("01a20000-0000-7000-8000-000000000001")
ID_NUMBER = "539900201606010110"
LINE = f"{REFERENCE}\t010110\t在读\t测试小学\t小学\t是\t1000.50"


def body(
    *lines: str, total: str = "1000.50", day: str = "2026/11/22", count: int | None = None, key: str = "ours"
) -> bytes:
    head = f"学籍反馈\t2.0\t{SERIAL}\t1\t{day}"
    signed = "".join(line + "\n" for line in (head, *lines)).encode()
    number = len(lines) if count is None else count
    return signed + f"合计\t{number}\t{total}\t{wire.sign(key, signed)}\n".encode()


def read(content: bytes) -> ResultFile:
    return Education(CONNECTION, httpx.AsyncClient()).read_result(SERIAL, 1, content, {REFERENCE: ID_NUMBER})


def only(content: bytes) -> Answer:
    (late,) = read(content).answers
    return late.answer


def test_a_line_tells_school_stage_boarding_and_aid() -> None:
    assert {key: fact.value for key, fact in only(body(LINE)).facts.items()} == {
        FactKey.ENROLLED: 1,
        FactKey.SCHOOL_NAME: "测试小学",
        FactKey.SCHOOL_STAGE: "primary",
        FactKey.BOARDING: 1,
        FactKey.SCHOOL_AID_YEAR: 100_050,
    }


def test_who_is_suspended_is_on_the_rolls_and_does_not_go_to_school() -> None:
    assert only(body(LINE.replace("在读", "休学"))).facts[FactKey.ENROLLED].value == 0


@pytest.mark.parametrize("state", ["离校", "查无"])
def test_who_has_left_or_was_never_there_is_no_record(state: str) -> None:
    assert only(body(f"{REFERENCE}\t010110\t{state}\t\t\t\t", total="0.00")) == Answer.none()


def test_what_could_not_be_looked_up_is_set_aside() -> None:
    file = read(body(f"{REFERENCE}\t010110\t失败\t\t\t\t", total="0.00"))

    assert (file.answers, [bad.reason for bad in file.bad]) == ((), [BadLineReason.REFUSED])


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace("小学\t是", "夜校\t是"),
        LINE.replace("\t是\t", "\t\t"),
        LINE.replace("测试小学", ""),
        LINE.replace("1000.50", "1000.5"),
        LINE.replace("在读", "毕业"),
        LINE.replace("在读", "查无"),
        LINE + "\t",
        LINE.replace(str(REFERENCE), "7"),
    ],
)
def test_a_line_that_makes_no_sense_is_set_aside(line: str) -> None:
    file = read(body(line))

    assert (file.answers, [bad.reason for bad in file.bad]) == ((), [BadLineReason.UNREADABLE])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        body(LINE)[:-3],
        body(LINE, key="theirs"),
        body(LINE).replace("测试小学".encode(), "测试大学".encode()),
        body(LINE, total="1000.51"),
        body(LINE, total="1000"),
        body(LINE, count=2),
        body(LINE, day="2026-11-22"),
        body(LINE).replace(SERIAL.encode(), SERIAL[::-1].encode()),
    ],
)
def test_a_file_that_is_not_whole_or_not_the_registers_is_not_taken(content: bytes) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        read(content)


def test_a_name_with_the_sign_that_parts_fields_shifts_nothing() -> None:
    order = order_for(Item.EDUCATION, [query_for(Item.EDUCATION, ID_NUMBER, "测试\t甲\n")])

    _, line, _ = wire.write(order).decode().split("\n")

    assert line.split("\t")[1:4] == [ID_NUMBER, "测试 甲 ", "living_allowance"]


@pytest.mark.parametrize("wrong", ["secret", "time", "address"])
async def test_a_request_not_signed_for_this_moment_and_address_is_refused(outside: Outside, wrong: str) -> None:
    connection = outside.connections["education"]
    order = order_for(Item.EDUCATION, [about(people()[0], Item.EDUCATION)])

    url = f"{connection.base_url}{wire.question_path(order.serial)}"
    adapter = Education(connection, outside.http, PATIENT, (lambda: 0.0) if wrong == "time" else time.time)
    request = httpx.Request("PUT", url, content=adapter.write(order))
    adapter.show(request)
    signed = {name: request.headers[name] for name in ("X-Time", "X-Sign-SM3")}
    if wrong == "secret":
        signed["X-Sign-SM3"] = "0" * 64
    if wrong == "address":
        url = url.replace(order.serial, order.serial[::-1])

    answer = await outside.http.put(url, headers=signed, content=request.content)

    assert answer.status_code == 401
