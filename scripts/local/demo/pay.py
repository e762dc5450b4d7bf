"""Chapter 6: the month's payroll, built by one, approved by another, released to the bank, posted by its receipts."""

from datetime import date
from typing import Any

from scripts.local.demo.apply import show_timeline
from scripts.local.demo.cast import Story
from scripts.local.demo.decide import advance_to
from scripts.local.demo.narration import StoryStopped, chapter, counted, note, show_table, tell, wait_until, yuan


def pay(story: Story) -> None:
    """Pay the first month and show the money on the citizen's phone."""
    chapter(6, "The county pays")
    award = story.phone.get("/v1/awards")["items"][0]
    month = str(award["from_month"])
    tell(story.family["name"], f"sees the award: {yuan(award['monthly_amount_fen'])} a month from {month}.")
    advance_to(story, date.fromisoformat(f"{month}-01"))
    payroll = _build_and_approve(story, month)
    finance = story.staff["finance"]
    finance.post(f"/v1/console/payrolls/{payroll}/release")
    tell(finance.username, "releases it; the worker hands it to the bank as one batch under one id.")
    wait_until("the bank's receipts arrive", lambda: _settled(story, payroll))
    shown = finance.get(f"/v1/console/payrolls/{payroll}")
    show_table("Reconciled", ["status", "lines", "sum"], [_total(total) for total in shown["totals"]])
    if all(total["status"] in ("paid", "failed") for total in shown["totals"]):
        finance.post(f"/v1/console/payrolls/{payroll}/close")
        tell(finance.username, "closes the payroll: sent = paid + failed, and the ledger balances to the fen.")
    _show_payment(story, award["id"])


def _build_and_approve(story: Story, month: str) -> str:
    county, confirmer = story.staff["county-1"], story.staff["confirmer"]
    payroll = county.post("/v1/console/payrolls", {"program": "living_allowance", "month": month})
    url = f"/v1/console/payrolls/{payroll['id']}"
    tell(
        county.username,
        f"builds payroll {payroll['number']}: {counted(payroll['line_count'], 'line')}, {yuan(payroll['total_fen'])}.",
    )
    status, code = county.refused("POST", "/v1/console/payrolls", {"program": "living_allowance", "month": month})
    note(f"Building the month a second time: {status} {code}.")
    county.post(f"{url}/submit")
    status, code = county.refused("POST", f"{url}/approve")
    note(f"The builder tries to approve: {status} {code}.")
    differences = confirmer.get(f"{url}/differences")["counts"]
    changes = ", ".join(f"{count} {kind}" for kind, count in differences.items())
    confirmer.post(f"{url}/approve")
    tell(confirmer.username, f"compares with last month ({changes}) and approves.")
    return str(payroll["id"])


def _settled(story: Story, payroll: str) -> tuple[int, int]:
    totals = story.staff["finance"].get(f"/v1/console/payrolls/{payroll}")["totals"]
    done = sum(total["count"] for total in totals if total["status"] in ("paid", "failed"))
    return done, sum(total["count"] for total in totals)


def _total(total: dict[str, Any]) -> list[object]:
    return [total["status"], total["count"], yuan(total["total_fen"])]


def _show_payment(story: Story, award: str) -> None:
    wait_until("the phone shows the payment", lambda: (len(_paid(story, award)), 1))
    payment = _paid(story, award)[0]
    show_timeline(story)
    credited = story.sandbox.get("/agencies/paying_bank/credits", account=story.family["account"])
    if credited["total_fen"] != payment["amount_fen"]:
        raise StoryStopped(f"the bank credited {credited}, the phone shows {payment['amount_fen']}")
    note(f"The bank, asked on its own, says the same: {yuan(credited['total_fen'])} credited to that account.")
    story.paid_fen, story.paid_on = payment["amount_fen"], payment["paid_on"]


def _paid(story: Story, award: str) -> list[dict[str, Any]]:
    items = story.phone.get("/v1/payments")["items"]
    return [line for line in items if line["award_id"] == award and line["status"] == "paid"]
