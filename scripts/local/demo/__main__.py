"""Plays the story against a running service: python -m scripts.local.demo --data DIR."""

import argparse
import sys
from pathlib import Path

from scripts.local.demo.apply import apply_by_phone, before_applying
from scripts.local.demo.cast import Story, gather
from scripts.local.demo.decide import county_decision, public_notice, visit_and_opinion
from scripts.local.demo.meanwhile import complain, follow, subscribe_partner
from scripts.local.demo.narration import CONSOLE, StoryStopped, yuan
from scripts.local.demo.pay import pay
from scripts.local.demo.verify import accept_and_verify

CHAPTERS = (
    before_applying,
    subscribe_partner,
    apply_by_phone,
    accept_and_verify,
    visit_and_opinion,
    public_notice,
    complain,
    county_decision,
    pay,
    follow,
)


def play(data: Path) -> Story:
    """Play every chapter in order.

    Raises:
        StoryStopped: something did not happen as it should.
    """
    story = gather(data)
    for chapter in CHAPTERS:
        chapter(story)
    return story


def main() -> int:
    """Play, and say how it ended."""
    parser = argparse.ArgumentParser(description="Play the whole path of one application.")
    parser.add_argument("--data", type=Path, required=True, help="data folder of the running service")
    try:
        story = play(parser.parse_args().data)
    except StoryStopped as stop:
        CONSOLE.print(f"\n[bold red]The story stopped:[/bold red] {stop}")
        return 1
    except KeyboardInterrupt:
        return 130
    CONSOLE.print(
        f"\n[bold green]The money was paid:[/bold green] {yuan(story.paid_fen)} to {story.family['name']} "
        f"on {story.paid_on}, {story.number}."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
