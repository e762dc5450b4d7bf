"""Beside the path: a partner listens, a villager complains, whoever has the number looks up the status."""

import json
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from scripts.local.demo.cast import Story
from scripts.local.demo.narration import StoryStopped, chapter, counted, note, tell, wait_until


def subscribe_partner(story: Story) -> None:
    """Let a partner system listen before anything happens."""
    admin = story.staff["admin"]
    story.webhook_name = f"demo-{story.family['id_number'][-6:].lower()}"
    url = f"{story.sandbox_url}/webhook-sink/{story.webhook_name}"
    story.sandbox.post(f"/webhook-sink/{story.webhook_name}/fail", {"times": 1, "status": 503})
    endpoint = admin.post("/v1/console/webhook-endpoints", {"url": url, "description": "demonstration"})
    story.webhook_secret = endpoint["secret"]
    tell(admin.username, "subscribes a partner system to the county's events; it will fail once, to show the retry.")


def complain(story: Story) -> None:
    """Complain while the county decides: now it has to visit the household itself."""
    tell("A villager", "complains without giving a name, while the papers are with the county.")
    body = {
        "category": "complaint",
        "text": "听说该户在外地有收入，请核实。（演示）",
        "application_number": story.number,
    }
    story.complaint = story.anyone.post("/v1/public/complaints", body)
    url = f"/v1/console/applications/{story.application}"
    wait_until("the review learns of the complaint", lambda: (_visit_required(story), 1))
    status, code = story.staff["confirmer"].refused("POST", f"{url}/confirm", {})
    note(f"The county tries to confirm at once: {status} {code}. After a complaint it has to visit.")
    one, two = story.staff["county-1"], story.staff["county-2"]
    visit = {
        "way": "home",
        "visited_on": story.sandbox.today(),
        "findings": "入户核实，外出务工收入传闻不属实。（演示）",
        "investigators": [two.username],
        "present": story.member_ids[:1],
    }
    one.post(f"{url}/county-visits", visit)
    tell(f"{one.username} and {two.username}", "visit for the county: there is no income elsewhere.")


def _visit_required(story: Story) -> int:
    url = f"/v1/console/applications/{story.application}/review"
    return int(story.staff["confirmer"].get(url)["county_visit_required"])


def follow(story: Story) -> None:
    """Show what the others saw of it all."""
    chapter(7, "Meanwhile")
    lookup = {"number": story.number, "lookup_code": story.lookup_code}
    status = story.anyone.post("/v1/public/status-lookups", lookup)
    tell(
        "Anybody with the receipt number",
        f"and the code reads: {status['status']}, {counted(len(status['steps']), 'step')}.",
    )
    _answer_complaint(story)
    _check_webhooks(story)


def _answer_complaint(story: Story) -> None:
    chief, handler = story.staff["county-1"], story.staff["county-3"]
    found = chief.get("/v1/console/complaints", limit=100)["items"]
    complaint = next(item for item in found if item["number"] == story.complaint["number"])
    url = f"/v1/console/complaints/{complaint['id']}"
    staff = story.staff["admin"].get("/v1/console/staff", limit=100)["items"]
    handler_id = next(person["id"] for person in staff if person["username"] == handler.username)
    chief.post(f"{url}/assign", {"staff_id": handler_id})
    handler.post(f"{url}/dismiss", {"text": "经县级入户核实，反映的外地收入不属实。（演示）"})
    tell(f"{handler.username},", "who had no part in the case, answers the complaint.")
    followed = story.anyone.post(
        "/v1/public/complaint-lookups", {"number": story.complaint["number"], "code": story.complaint["code"]}
    )
    tell("The villager", f"follows it with number and code: {followed['status']}, “{followed['answer']}”")


def _check_webhooks(story: Story) -> None:
    # The failed first delivery is due again after minutes of the sandbox's clock, which nobody has to wait for.
    story.sandbox.advance("PT10M")
    wait_until("the partner hears of the payment", lambda: (_heard(story, "payment.made"), 1))
    deliveries = story.sandbox.get(f"/webhook-sink/{story.webhook_name}")["deliveries"]
    hook = Webhook(story.webhook_secret)
    own = [delivery for delivery in deliveries if delivery["answered"] == 204]
    for delivery in own:
        _verify(hook, delivery)
    kinds = sorted({json.loads(delivery["body"])["type"] for delivery in own})
    tell(
        "The partner", f"got {len(own)} signed events of {len(kinds)} kinds; every signature fits, none names anybody."
    )
    note(", ".join(kinds))
    refused = len(deliveries) - len(own)
    if refused:
        note(f"{refused} delivery failed at first and came again later.")


def _heard(story: Story, kind: str) -> int:
    deliveries = story.sandbox.get(f"/webhook-sink/{story.webhook_name}")["deliveries"]
    return sum(json.loads(delivery["body"])["type"] == kind for delivery in deliveries if delivery["answered"] == 204)


def _verify(hook: Webhook, delivery: dict[str, Any]) -> None:
    # The package would hold the timestamp against the machine's clock, but the sandbox's runs ahead.
    headers = delivery["headers"]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    expected = hook.sign(headers["webhook-id"], at, delivery["body"])
    if expected not in headers["webhook-signature"].split(" "):
        raise StoryStopped("a webhook signature does not fit")
