"""The supervisor: starts services in order, starts them again when they die, ends them in reverse order.

One thread, no callbacks: every wait is a loop that looks after all children ten times a second.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType

from scripts.local.children import end, spawn
from scripts.local.identity import OURSELVES, Identity
from scripts.local.narration import REFUSED, Refusal, last_words, say

_TICK = 0.1
_BACK_OFF = (0.3, 1.0, 2.0, 4.0, 8.0)  # seconds before each new start; after the last the supervisor gives up
_SETTLED = 5.0  # a service that ran this long before it died does not count as failing in a row


class StopRequested(Exception):
    """Somebody pressed Ctrl-C or sent a signal."""


class Stop:
    """Remembers that somebody asked us to end. A flag and not an exception: no start is torn in the middle."""

    def __init__(self) -> None:
        self.signal = 0

    def install(self) -> None:
        """Listen for Ctrl-C, `kill` and a closed terminal."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup: the terminal may close
            signal.signal(signal.SIGHUP, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = self.signal or number


def _yes() -> bool:
    return True


@dataclass(frozen=True)
class Service:
    """A program that is to run as long as we do. `command` is asked anew at every start."""

    name: str
    command: Callable[[], Sequence[str]]
    environment: Mapping[str, str]
    ready: Callable[[], bool] = _yes
    identity: Callable[[], Identity] = lambda: OURSELVES
    death_signal: int = signal.SIGKILL
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 10
    ready_seconds: float = 60
    attempts: int = 1  # how often the first start may fail


@dataclass
class _Running:
    service: Service
    process: "subprocess.Popen[bytes]"
    since: float
    is_ready: bool = False
    failures: int = 0
    again_at: float | None = None


@dataclass
class Supervisor:
    """Keeps services alive. A context manager: leaving it ends them all."""

    data: Path
    stop: Stop = field(default_factory=Stop)
    tell: Callable[[str], None] = say
    _all: list[_Running] = field(default_factory=list)

    def __enter__(self) -> "Supervisor":
        (self.data / "run").mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._all:
            running = self._all.pop()
            end(running.process, running.service.stop_signal, running.service.stop_seconds)
            self._pid_file(running.service).unlink(missing_ok=True)

    def start(self, *services: Service) -> None:
        """Start services side by side and wait until all are ready.

        Raises:
            Refusal: one ended or was not ready in time; the message has the end of its log.
            StopRequested: somebody asked us to end meanwhile.
        """
        for service in services:
            self._all.append(_Running(service, self._spawn(service), time.monotonic()))
        for running in self._all[-len(services) :]:
            self._wait_until_ready(running)

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a step to its end.

        Raises:
            Refusal: it failed; the message has the end of its log, or what the step itself refused with.
            StopRequested: somebody asked us to end meanwhile.
        """
        code = self.attempt(name, command, environment)
        log = self.log(name)
        if code == REFUSED:
            raise Refusal(last_words(log, 1).strip())
        if code != 0:
            raise Refusal(f"The step '{name}' failed ({_how(code)}). The end of {log}:{last_words(log, 20)}")

    def attempt(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a program to its end, writing to its log; return its exit code."""
        return self._to_its_end(spawn(command, environment, self.log(name)), signal.SIGTERM)

    def play(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a program that talks to the terminal, looking after the services meanwhile; return its exit code."""
        return self._to_its_end(spawn(command, environment, None), signal.SIGINT)

    def watch(self) -> None:
        """Look after the services until somebody asks us to end.

        Raises:
            Refusal: a service keeps failing.
            StopRequested: always, in the end.
        """
        while True:
            self._tick()

    def log(self, name: str) -> Path:
        """Return where the program `name` writes."""
        return self.data / "logs" / f"{name}.log"

    def pids(self) -> dict[str, int]:
        """Return the process id of each service."""
        return {running.service.name: running.process.pid for running in self._all}

    def _to_its_end(self, process: "subprocess.Popen[bytes]", stop_signal: int) -> int:
        try:
            while (code := process.poll()) is None:
                self._tick()
        finally:
            end(process, stop_signal, seconds=5)
        return code

    def _wait_until_ready(self, running: _Running) -> None:
        service, failed = running.service, 0
        deadline = time.monotonic() + service.ready_seconds
        while not (running.process.poll() is None and service.ready()):
            if running.process.poll() is not None:
                failed += 1
                if failed >= service.attempts:
                    raise Refusal(self._obituary(running, "ended before it was ready"))
                running.process = self._spawn(service)
            if time.monotonic() > deadline:
                raise Refusal(self._obituary(running, f"was not ready after {service.ready_seconds:.0f} s"))
            self._tick()
        running.since, running.is_ready = time.monotonic(), True

    def _tick(self) -> None:
        for running in self._all:
            if running.is_ready:
                self._look_after(running)
        time.sleep(_TICK)
        if self.stop.signal:
            raise StopRequested

    def _look_after(self, running: _Running) -> None:
        now = time.monotonic()
        if running.again_at is not None:
            if now >= running.again_at:
                running.again_at = None
                running.process = self._spawn(running.service)
                running.since = now
                self.tell(f"  {running.service.name} was started again (process {running.process.pid})")
            return
        code = running.process.poll()
        if code is None:
            return
        if now - running.since > _SETTLED:
            running.failures = 0
        if running.failures >= len(_BACK_OFF):
            raise Refusal(self._obituary(running, f"keeps failing ({_how(code)})"))
        wait = _BACK_OFF[running.failures]
        running.failures += 1
        running.again_at = now + wait
        self.tell(f"  {running.service.name} stopped ({_how(code)}); starting it again in {wait:g} s")

    def _spawn(self, service: Service) -> "subprocess.Popen[bytes]":
        command = service.command()  # first: it may prepare the ground on which the identity is chosen
        process = spawn(
            command,
            service.environment,
            self.log(service.name),
            identity=service.identity(),
            death_signal=service.death_signal,
        )
        self._pid_file(service).write_text(f"{process.pid}\n")
        return process

    def _pid_file(self, service: Service) -> Path:
        return self.data / "run" / f"{service.name}.pid"

    def _obituary(self, running: _Running, what: str) -> str:
        log = self.log(running.service.name)
        return f"{running.service.name} {what}. The end of {log}:{last_words(log)}"


def _how(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def python(*arguments: str) -> list[str]:
    """Return the command for this project's Python with `arguments`."""
    return [sys.executable, "-P", *arguments]


def base_environment() -> dict[str, str]:
    """Return our own environment as children get it: unbuffered, and never through a proxy to this machine."""
    local = ",".join(filter(None, (os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), "127.0.0.1,localhost")))
    return {**os.environ, "PYTHONUNBUFFERED": "1", "NO_PROXY": local, "no_proxy": local}
