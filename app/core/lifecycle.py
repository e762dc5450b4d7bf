"""State machines as tables.

One table serves the commands (may this step be taken, and where does it lead), the phone (what may I do now), the
diagrams in the docs and the exhaustive tests. Only a stage's own commands assign `.status`, always from `step.target`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import RoleNotAllowed, StepNotAllowed

S = TypeVar("S", bound=str)
A = TypeVar("A", bound=str)
R = TypeVar("R", bound=str)


@dataclass(frozen=True)
class Step(Generic[S, A, R]):
    """One arrow: from `source` by `action` to `target`, open to `roles`."""

    source: S
    action: A
    target: S
    roles: frozenset[R]


class Lifecycle(Generic[S, A, R]):
    """A table of steps; each (source, action) leads to exactly one target."""

    def __init__(self, steps: Iterable[Step[S, A, R]]) -> None:
        self.steps = tuple(steps)
        self._table = {(step.source, step.action): step for step in self.steps}
        # A row's state is text: the table knows which state that is, and its words may differ by stage.
        self._states = {state: state for step in self.steps for state in (step.source, step.target)}
        if len(self._table) != len(self.steps):
            raise ValueError("two steps share a source and an action")

    def step(self, status: S, action: A, role: R) -> Step[S, A, R]:
        """Return the step that `action` takes from `status`.

        Raises:
            StepNotAllowed: there is no such arrow.
            RoleNotAllowed: there is, but not for `role`.
        """
        found = self._table.get((status, action))
        if found is None:
            raise StepNotAllowed("step_now", action=action, status=self._states.get(status, status))
        if role not in found.roles:
            raise RoleNotAllowed("step_of_role", action=action, role=role)
        return found

    def actions(self, status: S, role: R) -> tuple[A, ...]:
        """List what `role` may do now, in table order."""
        return tuple(step.action for step in self.steps if step.source == status and role in step.roles)

    def is_final(self, status: S) -> bool:
        """Say whether no arrow leaves `status`."""
        return all(step.source != status for step in self.steps)
