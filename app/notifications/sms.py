"""The SMS gateway, over HTTP."""

import httpx

from app.core.connections import Connection


class GatewayUnavailable(Exception):
    """The gateway did not take the message; worth trying again."""


class SmsGateway:
    """Sends one text to one phone. The provider's template names are ours."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient) -> None:
        self._connection = connection
        self._http = http

    async def send(self, phone: str, text: str, template: str) -> None:
        """Hand one message over.

        Raises:
            GatewayUnavailable: not taken.
        """
        try:
            response = await self._http.post(
                self._connection.base_url + "/messages",
                json={"phone": phone, "text": text, "template": template},
                headers={"Authorization": "Bearer " + self._connection.secret},
                timeout=5.0,
            )
            response.raise_for_status()
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            ValueError,
        ) as error:  # ValueError: an address to go on to that is none
            raise GatewayUnavailable from error
