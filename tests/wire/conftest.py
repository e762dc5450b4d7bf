"""The same application as in the tests of the API, served for real."""

from tests.api.conftest import app, partners, sign_in

__all__ = ["app", "partners", "sign_in"]
