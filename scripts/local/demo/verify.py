"""Chapter 3: the township accepts, the agencies are asked, the report sets declared beside found."""

from typing import Any

from scripts.local.demo.apply import show_timeline
from scripts.local.demo.cast import Story
from scripts.local.demo.narration import chapter, note, show_table, tell, wait_until, yuan


def accept_and_verify(story: Story) -> None:
    """Accept, wait for every answer, show the report."""
    chapter(3, "The township accepts; the agencies are asked")
    url = f"/v1/console/applications/{story.application}"
    handler = story.staff["township-1"]
    status, code = story.stranger.refused("GET", url)
    note(f"A caseworker of another county looks for the application: {status} {code}.")
    status, code = story.staff["confirmer"].refused("POST", f"{url}/accept", {})
    note(f"The county confirmer tries to accept it: {status} {code}.")
    handler.post(f"{url}/accept", {})
    tell(handler.username, "accepts. The decision clock runs: 30 working days.")
    wait_until("agencies answer, the bank by call-back", lambda: _answered(story))
    wait_until("the household report is issued", lambda: (_reports(story), 1))
    _show_report(story)
    show_timeline(story)


def _answered(story: Story) -> tuple[int, int]:
    checks = story.staff["township-1"].get(f"/v1/console/applications/{story.application}/checks")["items"]
    return sum(check["status"] in ("answered", "unavailable") for check in checks), len(checks)


def _reports(story: Story) -> int:
    timeline = story.phone.get(f"/v1/applications/{story.application}/timeline")
    return sum(step["kind"] == "verification" and step["state"] == "done" for step in timeline["steps"])


def _show_report(story: Story) -> None:
    report = story.phone.get(f"/v1/applications/{story.application}/report")
    rows = [
        [
            person["name"],
            entry["source_label"],
            field["label"],
            _plain(field["declared"], field["unit"]),
            _plain(field["found"], field["unit"]),
            field["difference"],
            field["text"],  # also says why something is shown to its owner alone
        ]
        for person in report["members"]
        for entry in person["items"]
        for field in entry["fields"]
        if field["difference"] not in (None, "match")
    ]
    tell(story.family["name"], "reads what the agencies found, field by field. Where it differs:")
    show_table("Declared beside found", ["who", "source", "field", "declared", "found", "difference", "in words"], rows)
    silent = [
        f"{person['name']}: {entry['label']}"
        for person in report["members"]
        for entry in person["items"]
        if entry["outcome"] == "unavailable"
    ]
    note("No agency was silent." if not silent else "No answer, which is not 'no record': " + "; ".join(silent))


def _plain(value: Any, unit: str) -> str:
    if value is None:
        return "—"
    return yuan(value) if unit == "fen" else str(value)
