"""What a trial came to, as a table."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.verification.lifecycle import Status
from tests.support.verification_trial.audit import Rows
from tests.support.verification_trial.course import Course


def show(rows: Rows, course: Course, counters: Mapping[str, Any], prepared: float, took: float) -> str:
    """Return the table. `prepared`, `took`: seconds for making the applications, and for verifying them."""
    ended = Counter(check.outcome or check.status for check in rows.checks.values())
    told = sum(ended[how] for how in ("hit", "none"))
    outcomes = Counter(attempt.outcome for attempt in rows.attempts)
    answers, spoilt = (sum(each[what] for each in counters.values()) for what in ("answers", "spoilt"))
    lines = [
        ("households", f"{len(course.cases)}, made in {prepared:.0f} s, verified in {took:.0f} s"),
        ("people", str(sum(len(case.members) for case in course.cases))),
        ("worker killed", f"{course.stack.kills} times"),
        ("dead for a week", course.dead),
        ("withdrew meanwhile", f"{len(course.withdrawn)} people"),
        ("answers of agencies", f"{answers}, of which {spoilt} spoilt ({spoilt / max(answers, 1):.0%})"),
        ("checks", f"{len(rows.checks)} ({len(rows.checks) / took:.0f} a second): {_counted(ended)}"),
        ("attempts", f"{len(rows.attempts)}: {_counted(outcomes)}"),
        ("asked once more", _repeats(rows)),
        ("reports", f"{len(rows.reports)}, of which {sum(each.complete for each in rows.reports.values())} whole"),
        ("answered", f"{told} checks, each as the register says"),
        ("no answer", f"{ended[Status.UNAVAILABLE]} checks, none of them told as no record"),
    ]
    return "\n".join(f"  {name:<20} {what}" for name, what in lines)


def _counted(counter: Counter[Any]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())


def _repeats(rows: Rows) -> str:
    repeated = [seen.times - 1 for seen in rows.seen if seen.times > 1]
    return f"{sum(repeated)} times under the same reference, about {len(repeated)} of {len(rows.seen)} questions"
