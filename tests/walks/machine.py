"""The walk itself: people drawn at random do what is drawn at random, and after each step all is as the model says."""

from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.walks import alphabet
from tests.walks.arrows import ARROWS, Arrow
from tests.walks.checking import Strayed, check_answer, check_sight, check_unchanged
from tests.walks.days import Days
from tests.walks.matters import Walk
from tests.walks.model import Act, Setting
from tests.walks.observation import Observer
from tests.walks.stage import Stage

T = TypeVar("T")
_MINUTE = timedelta(minutes=1)
# Ordinary days, a weekend, the last days of the year, the weeks before Spring Festival.
_BEGINS = (
    date(2026, 11, 23),
    date(2026, 11, 28),
    date(2026, 12, 14),
    date(2026, 12, 24),
    date(2026, 12, 31),
    date(2027, 1, 11),
    date(2027, 1, 27),
    date(2027, 2, 3),
)
_TEMPTS = 0.2  # of the steps are something that one thing alone speaks against
_LEADS_ON = 0.7  # of the others are something that ought to succeed, the rest anything by anybody
_IDLES = 0.1  # where nothing leads on any more, time only passes
_ENDS = 0.06  # of the acts that would end the matter early are done: else hardly a walk came to the money


@dataclass
class Tally:
    """What was tried, and where it led."""

    walks: int = 0
    steps: int = 0
    tried: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    arrows: Counter[Arrow] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        """Say how often each act was tried, done and refused, for what, and which arrows nobody took."""
        yield f"{self.walks} walks, {self.steps} steps"
        yield "act               tried   done  refused"
        for name in alphabet.NAMES:
            yield f"{name:15} {self.tried[name]:7} {self.done[name]:6} {self.tried[name] - self.done[name]:8}"
        yield "refusals: " + ", ".join(f"{n} {code}" for code, n in sorted(self._codes().items()))
        taken = sum(1 for arrow in ARROWS if self.arrows[arrow])
        yield f"arrows taken: {taken} of {len(ARROWS)}"
        for arrow in sorted(ARROWS):
            if not self.arrows[arrow]:
                yield f"  never: {arrow}"
        for arrow, times in sorted(self.arrows.items()):
            yield f"  {times:6} {arrow}"

    def _codes(self) -> Counter[str]:
        codes: Counter[str] = Counter()
        for (_, code), times in self.refused.items():
            codes[code] += times
        return codes


@dataclass
class Theatre:
    """What walks share: a loop to run on, a way to set a stage, somebody who looks."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    set_up: Callable[[Setting], Coroutine[Any, Any, Stage]]
    tear_down: Callable[[], Coroutine[Any, Any, None]]
    announce: Callable[[], Coroutine[Any, Any, dict[date, bool]]]
    observer: Observer
    tally: Tally = field(default_factory=Tally)


def machine_of(theatre: Theatre) -> type[RuleBasedStateMachine]:
    """Return the machine that walks in a theatre."""

    class Walking(RuleBasedStateMachine):
        """One household's matter."""

        def __init__(self) -> None:
            super().__init__()
            self.story: list[str] = []

        @initialize(chance=st.randoms(use_true_random=True))
        def begin(self, chance: Random) -> None:
            self.chance, setting = chance, draw_setting(chance)
            theatre.tally.walks += 1
            self.stage: Stage = theatre.run(theatre.set_up(setting))
            notice = theatre.run(theatre.announce()) if setting.announced else None
            self.model = Walk(setting, setting.begins, Days(notice))
            self.names: dict[str, str] = theatre.run(self.stage.names())
            self.story.append(f"{setting}")
            theatre.run(self._look(None))

        @rule()
        def step(self) -> None:
            act = draw_act(self.chance, self.model)
            theatre.tally.steps += 1
            self.story.append(f"{self.model.today:%a %d %b %Y}  {act}")
            theatre.run(self._take(act))

        async def _take(self, act: Act) -> None:
            theatre.tally.tried[act.name] += 1
            self.stage.world.clock.advance(_MINUTE)
            if act.name == "wait":
                await self._wait(act)
                worked = True
            else:
                worked = await self._try(act)
            await self._look(act, worked=worked)

        async def _try(self, act: Act) -> bool:
            """Do it; says whether the worker had its turn afterwards, which it has not after a refusal."""
            reasons = self.model.judge(act)
            await self.stage.be_ready(act)
            before = await theatre.observer.print() if reasons else {}
            answer = await self.stage.do(act)
            told = check_answer(self.story, act, reasons, answer)
            if reasons:
                theatre.tally.refused[act.name, told] += 1
                self.story[-1] += f" — refused: {told}"
                check_unchanged(self.story, before, await theatre.observer.print())
                return False
            theatre.tally.done[act.name] += 1
            self._move(act)
            await self.stage.world.drain()
            return True

        async def _wait(self, act: Act) -> None:
            goal = self.model.goal(act)
            theatre.tally.done[act.name] += 1
            while self.model.today < goal:
                day = self.model.until(goal)
                self.model.pass_to(day)
                await self.stage.world.on(day, hour=9)
            self.story[-1] += f" — until {goal}"
            self._note()

        def _move(self, act: Act) -> None:
            try:
                self.model.do(act)
            finally:
                self._note()

        def _note(self) -> None:
            theatre.tally.arrows.update(self.model.arrows)
            self.model.arrows.clear()

        async def _look(self, act: Act | None, *, worked: bool = True) -> None:
            seen = await theatre.observer.look(self.stage)
            if not worked:  # a step that a job opened, late from its first day, is told upwards at the next turn
                seen = {**seen, "told": seen["told"] | self.model.told}
            record = await theatre.observer.acts(self.stage)
            signed = {self.names[one] for one in await theatre.observer.investigators(self.stage)}
            check_sight(self.story, self.model, seen, record, signed, self.names)
            self.model.note_delays()

        def teardown(self) -> None:
            theatre.run(theatre.tear_down())  # which is also for a walk whose stage was never set

    return Walking


def draw_setting(chance: Random) -> Setting:
    """Draw what a walk begins with."""
    return Setting(
        begins=chance.choice(_BEGINS),
        delegated=chance.random() < 0.3,
        car=chance.random() < 0.25,
        order=chance.random() < 0.5,
        announced=chance.random() < 0.5,
    )


def draw_act(chance: Random, model: Walk) -> Act:
    """Draw the next act: one that ought to succeed, the likelier the more it leads on, or all but ought to, or anything
    by anybody.

    By a generator that Hypothesis seeds, for its own draws are made to find small and strange examples, and walks ought
    to be long and various.
    """
    while True:
        act = _draw(chance, model)
        if not alphabet.ends(act.name) or model.judge(act) or chance.random() < _ENDS:
            return act


def _draw(chance: Random, model: Walk) -> Act:
    tempting = alphabet.tempting(model) if chance.random() < _TEMPTS else {}
    if tempting:
        (why,) = chance.choices(list(tempting), [alphabet.temptation(*each) for each in tempting])
        return chance.choice(tempting[why])
    possible = alphabet.allowed(model)
    if chance.random() < (_LEADS_ON if alphabet.leads_on(possible) else _IDLES):
        names = list(possible)
        (name,) = chance.choices(names, [alphabet.pull(model, each) for each in names])
        acts = possible[name]
        return chance.choice(alphabet.worth(model, acts) if chance.random() < 0.7 else acts)
    there = [act for act in alphabet.ALPHABET if model.can(act)]
    name = chance.choice(list(dict.fromkeys(act.name for act in there)))
    return chance.choice([act for act in there if act.name == name])


__all__ = ["Strayed", "Tally", "Theatre", "machine_of"]
