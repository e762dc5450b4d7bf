"""Every status × action × role of both tables."""

from itertools import product

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.webhooks.lifecycle import (
    DELIVERY,
    ENDPOINT,
    DeliveryAction,
    DeliveryStatus,
    EndpointAction,
    EndpointStatus,
)

# Written a second time, by hand: a slip in a table shows as a difference.
ENDPOINT_STEPS = {
    ("active", "pause"): ("paused", Role.SYSTEM),
    ("active", "disable"): ("disabled", Role.SYSTEM),
    ("active", "rotate"): ("active", Role.ADMINISTRATOR),
    ("active", "redeliver"): ("active", Role.ADMINISTRATOR),
    ("active", "remove"): ("removed", Role.ADMINISTRATOR, Role.SYSTEM),
    ("paused", "disable"): ("disabled", Role.SYSTEM),
    ("paused", "resume"): ("active", Role.ADMINISTRATOR),
    ("paused", "rotate"): ("paused", Role.ADMINISTRATOR),
    ("paused", "remove"): ("removed", Role.ADMINISTRATOR, Role.SYSTEM),
    ("disabled", "resume"): ("active", Role.ADMINISTRATOR),
    ("disabled", "rotate"): ("disabled", Role.ADMINISTRATOR),
    ("disabled", "remove"): ("removed", Role.ADMINISTRATOR, Role.SYSTEM),
}
DELIVERY_STEPS = {
    ("pending", "deliver"): ("delivered", Role.SYSTEM),
    ("pending", "give_up"): ("failed", Role.SYSTEM),
    ("pending", "redeliver"): ("pending", Role.ADMINISTRATOR),
    ("delivered", "redeliver"): ("pending", Role.ADMINISTRATOR),
    ("failed", "redeliver"): ("pending", Role.ADMINISTRATOR),
}


def _check(table, expected, role):
    if expected is None:
        with pytest.raises(StepNotAllowed):
            table(role)
    elif role not in expected[1:]:
        with pytest.raises(RoleNotAllowed):
            table(role)
    else:
        assert table(role).target == expected[0]


@pytest.mark.parametrize(("status", "action", "role"), list(product(EndpointStatus, EndpointAction, Role)))
def test_every_step_of_an_endpoint(status, action, role):
    _check(lambda who: ENDPOINT.step(status, action, who), ENDPOINT_STEPS.get((status, action)), role)


@pytest.mark.parametrize(("status", "action", "role"), list(product(DeliveryStatus, DeliveryAction, Role)))
def test_every_step_of_a_delivery(status, action, role):
    _check(lambda who: DELIVERY.step(status, action, who), DELIVERY_STEPS.get((status, action)), role)
