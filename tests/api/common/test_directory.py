"""Routes are found by segments: the same ones that the framework would have found."""

import pytest
from starlette.routing import Match

from app.api.common.directory import Directory
from app.main import assemble


@pytest.fixture
def directory() -> Directory[str]:
    directory: Directory[str] = Directory()
    for template in ("/v1/me", "/v1/things", "/v1/things/{id}", "/v1/things/recent", "/v1/things/{id}/parts/{part}"):
        directory.add(template, template)
    return directory


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/me", ["/v1/me"]),
        ("/v1/things/7", ["/v1/things/{id}"]),
        ("/v1/things/recent", ["/v1/things/recent", "/v1/things/{id}"]),
        ("/v1/things/recent/parts/2", ["/v1/things/{id}/parts/{part}"]),
        ("/v1/things/", []),
        ("/v1/things/7/parts/", []),
        ("/v1/me/", []),
        ("/v1", []),
        ("", []),
        ("//v1/me", []),
    ],
)
def test_the_name_before_the_parameter_and_no_empty_parameter(directory, path, found):
    assert list(directory.find(path)) == found


def test_every_operation_is_found_straight_away():
    app = assemble()
    shortcut = app.router.routes[0]
    missed = []
    for path, item in app.openapi()["paths"].items():
        for method in item:
            scope = {"type": "http", "method": method.upper(), "path": path.replace("{", "").replace("}", "")}
            match, found = shortcut.matches({**scope, "headers": [], "root_path": ""})
            if match is not Match.FULL or not found:
                missed.append(f"{method} {path}")

    assert not missed
