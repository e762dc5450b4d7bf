"""What the planted people do, through the public API only, and what others are answered who have no business there."""

import hashlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from scripts.local.canaries.people import Planted, control_marker
from scripts.local.demo.clients import Client, Console, Phone, Sandbox
from scripts.local.demo.narration import StoryStopped

VILLAGE = "532529103204"
SINK = "canaries"
_GROUND, _FOUND = "income_differs", "入户核实，家庭收入状况与申报不符。"


@dataclass
class Cast:
    """Everybody who acts. `answers`: what was said to those who had no business there; `received`: what the
    partner's webhook was sent; `notices`: what hung in the village."""

    base: str
    sandbox_url: str
    sandbox: Sandbox
    staff: dict[str, Console]
    stranger: Console
    answers: list[bytes] = field(default_factory=list)
    phones: dict[int, Phone] = field(default_factory=dict)
    cases: dict[int, str] = field(default_factory=dict)
    received: dict[str, Any] = field(default_factory=dict)
    notices: list[dict[str, Any]] = field(default_factory=list)

    def phone(self, person: Planted) -> Phone:
        """Return the head's telephone."""
        if person.number not in self.phones:
            self.phones[person.number] = Phone(self.base, self.sandbox, person.phone)
        return self.phones[person.number]


def settle(cast: Cast, person: Planted) -> None:
    """Let every agency know the household."""
    members = [
        {
            "name": member.name,
            "id_number": member.id_number,
            "phone": person.phone,
            "sex": member.sex,
            "relation": member.relation,
            "division": VILLAGE,
            "account": person.account if member.relation == "self" else None,
        }
        for member in person.members
    ]
    cast.sandbox.post("/people", {"household": f"{VILLAGE[:6]}C{person.number:06d}", "members": members})


def apply(cast: Cast, person: Planted) -> None:
    """Go from the first code to the receipt, or stop with the draft."""
    phone, head = cast.phone(person), person.head
    phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    phone.put("/v1/payout-account", {"bank_code": "RCC", "account": person.account})
    draft = phone.post("/v1/applications", {"program": "living_allowance", "division": VILLAGE})
    url = f"/v1/applications/{draft['id']}"
    cast.cases[person.number] = draft["id"]
    ids = {member.relation: str(uuid4()) for member in person.members}
    for member in person.members:
        phone.put(f"{url}/members/{ids[member.relation]}", _declared(member.relation, member.name, member.id_number))
    phone.patch(url, {"answers": _answers(ids, person), "address": person.texts["address"]})
    _attach(phone, url, person)
    if person.end != "draft":
        _sign_and_submit(phone, url, ids, person)
    _ask_in_vain(cast, person, url, ids)


def _declared(relation: str, name: str, id_number: str) -> dict[str, Any]:
    ill = {"serious_illness": True, "disability": {"kind": "physical", "grade": 2}} if relation == "spouse" else {}
    can_work = relation == "self"
    return {"relation": relation, "name": name, "id_number": id_number, "can_work": can_work, **ill}


def _answers(ids: dict[str, str], person: Planted) -> dict[str, Any]:
    income = {"member": ids["self"], "kind": "wage", "detail": person.texts["income in words"], "amount_fen": 10_000}
    return {"income": [{**income, "period": "year"}], "expenses": [], "property": [], "supporters": []}


def _attach(phone: Phone, url: str, person: Planted) -> None:
    paper = _paper(person.texts["medical paper"])
    digest = hashlib.sha256(paper).hexdigest()
    upload = phone.post("/v1/uploads", {"kind": "diagnosis", "size": len(paper), "sha256": digest})
    phone.send_bytes(f"/v1/uploads/{upload['id']}/parts/1", paper)
    phone.post(f"/v1/uploads/{upload['id']}/complete")
    phone.post(f"{url}/documents", {"kind": "diagnosis", "upload_id": upload["id"]})


def _paper(text: str) -> bytes:
    writer, stream, into = PdfWriter(), StreamObject(), BytesIO()
    stream.set_data(text.encode())
    writer.add_blank_page(595, 842)[NameObject("/Thumb")] = writer._add_object(stream)
    writer.write(into)
    return into.getvalue()


def _sign_and_submit(phone: Phone, url: str, ids: dict[str, str], person: Planted) -> None:
    for member in person.members:
        if member.relation != "child":
            body = {"signer_name": member.name, "signer_id_number": member.id_number}
            phone.post(f"{url}/authorisations", {"member_id": ids[member.relation], **body})
    said = [{"member_id": ids["self"], "relation": "sibling", "who": person.texts["relative of staff"]}]
    # One in four says so: the others go on without a county visit.
    relatives = said if person.number % 4 == 3 else []
    phone.post(f"{url}/submit", {"truth_promised": True, "relatives_of_staff": relatives})


def _ask_in_vain(cast: Cast, person: Planted, url: str, ids: dict[str, str]) -> None:
    """Let people ask who have no business there, and let the owner send what is refused; keep the answers."""
    console = f"/v1/console{url.removeprefix('/v1')}"
    other = next((phone for number, phone in cast.phones.items() if number != person.number), None)
    child = person.members[-1]
    wrong = {"member_id": ids["spouse"], "signer_name": child.name, "signer_id_number": child.id_number}
    tries: list[tuple[Client, str, str, Any]] = [
        (cast.stranger, "GET", console, None),
        (cast.staff["village"], "GET", console, None),
        (cast.phone(person), "POST", f"{url}/authorisations", wrong),
        (cast.phone(person), "PUT", "/v1/payout-account", {"bank_code": "RCC", "account": person.account * 3}),
        (cast.phone(person), "POST", "/v1/uploads", {"kind": person.texts["address"], "size": -1}),
        (Client(cast.base), "POST", "/v1/auth/otp", {"phone": person.phone + "9"}),
        (Client(cast.base), "POST", "/v1/auth/staff-tokens", {"username": person.phone, "password": child.id_number}),
    ]
    if other is not None:
        tries += [(other, "GET", url, None), (other, "POST", f"{url}/submit", {"truth_promised": True})]
    for client, method, path, body in tries:
        answer = client._send(method, path, json=body, headers={"Idempotency-Key": uuid4().hex})
        if answer.is_success:
            raise StoryStopped(f"{method} {path} was not refused")
        cast.answers.append(_whole(answer))


def _whole(answer: httpx.Response) -> bytes:
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return head.encode() + b"\n\n" + answer.content


def take_in(cast: Cast, person: Planted) -> None:
    """Let the township accept, give the paper back, or end it."""
    url, handler = f"/v1/console/applications/{cast.cases[person.number]}", cast.staff["township-1"]
    end = person.end
    if end in ("draft", "submitted"):
        return
    if end in ("returned", "terminated"):
        handler.post(f"{url}/return", {"missing": [person.texts["one-time notice"]]})
        if end == "terminated":
            handler.post(f"{url}/terminate", {"reason": person.texts["one-time notice"]})
        return
    handler.post(f"{url}/accept", {})


def survey(cast: Cast, person: Planted) -> None:
    """Let the township visit and give its opinion, and villagers object or report."""
    url, end = f"/v1/console/applications/{cast.cases[person.number]}", person.end
    if end not in ("visited", "objected", "refused", "notice", "paid"):
        return
    _visit(cast, person, url, "visits", ("township-1", "township-2"))
    if end == "visited":
        return
    reviewer = cast.staff["reviewer"]
    findings = reviewer.get(f"{url}/assessment")["findings"]
    open_points = [f["rule"] for f in findings if f["met"] is None and f["weight"] != "note"]
    reasons = dict.fromkeys(open_points, f"入户核实，为维持基本生活所必需。{person.texts['reasons']}")
    body = {"favourable": end != "refused", "statement": person.texts["opinion"], "reasons": reasons}
    if end == "refused":  # nothing need speak against it, so it is said on what ground, in words that say something
        body |= {"ground": _GROUND, "statement": _FOUND + person.texts["opinion"]}
    reviewer.post(f"{url}/opinion", body)


def _visit(cast: Cast, person: Planted, url: str, way: str, team: tuple[str, str]) -> None:
    case = cast.staff[team[0]].get(url)
    present = [member["id"] for member in case["members"] if member["relation"] == "self"]
    body = {"way": "home", "visited_on": cast.sandbox.today(), "findings": person.texts["visit"], "present": present}
    cast.staff[team[0]].post(f"{url}/{way}", {**body, "investigators": [cast.staff[team[1]].username]})


def report(cast: Cast, person: Planted) -> None:
    """Let somebody report the household by name, and object to its notice where it is to be objected to."""
    anyone = Client(cast.base)
    reporter = {"name": person.texts["reporter's name"], "phone": person.reporter_phone}
    body = {"category": "report", "text": person.texts["report"], "division": VILLAGE, "reporter": reporter}
    if person.end in ("submitted", "draft"):
        anyone.post("/v1/public/complaints", body)
    if person.end == "objected":
        notice = next(n for n in _notices(anyone) if n["applicant_name"] == person.head.name)
        said = {"statement": person.texts["objection"], **reporter}
        anyone.post(f"/v1/public/notices/{notice['id']}/objections", said)


def _notices(anyone: Client) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        page = anyone.get("/v1/public/notices", division=VILLAGE, limit=100, cursor=cursor)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def decide(cast: Cast, person: Planted) -> None:
    """Let the county visit and confirm or refuse."""
    url, end = f"/v1/console/applications/{cast.cases[person.number]}", person.end
    confirmer = cast.staff["confirmer"]
    if end not in ("paid", "refused"):
        return
    if confirmer.get(f"{url}/review")["county_visit_required"]:
        _visit(cast, person, url, "county-visits", ("county-1", "county-2"))
    if end == "paid":
        confirmer.post(f"{url}/confirm", {"statement": person.texts["opinion"]})
    else:
        confirmer.post(f"{url}/refuse", {"ground": _GROUND, "reasons": [_FOUND + person.texts["reasons"]]})


def declare(cast: Cast, people: list[Planted]) -> None:
    """Let a caseworker who has no part here declare planted people as relatives, and the roster keep one."""
    admin = cast.staff["admin"]
    member = {"division": VILLAGE, "name": people[0].texts["spouse's name"], "duty": "member"}
    roster = admin.post("/v1/console/committee-members", member)
    for person in people[:5]:
        child = person.members[-1]
        body = {"relation": "grandchild", "name": child.name, "id_number": child.id_number}
        cast.staff["finance"].post("/v1/console/me/relatives", body)
        admin.post(f"/v1/console/committee-members/{roster['id']}/relatives", body)


def leave_control(cast: Cast) -> None:
    """Leave a marker of nobody's in clear, last of all, so that it is in what the database wrote last, too."""
    url = f"{cast.sandbox_url}/webhook-sink/control"
    cast.staff["admin"].post("/v1/console/webhook-endpoints", {"url": url, "description": control_marker()})


def pay(cast: Cast, month: str) -> str:
    """Build, approve and release the month; returns the payroll's id."""
    county, confirmer, finance = (cast.staff[part] for part in ("county-1", "confirmer", "finance"))
    payroll = county.post("/v1/console/payrolls", {"program": "living_allowance", "month": month})
    url = f"/v1/console/payrolls/{payroll['id']}"
    county.post(f"{url}/submit")
    confirmer.post(f"{url}/approve")
    finance.post(f"{url}/release")
    return str(payroll["id"])
