"""The public keys of our access tokens (RFC 7517), for whoever has to check one without asking us."""

import base64
from typing import Literal

from fastapi import APIRouter, Response

from app.api.common.deps import ToolsDep
from app.api.common.schemas import Out
from app.identity.keys import ANNOUNCED, SigningKey

router = APIRouter(tags=["sign-in"])

# Whoever keeps a copy for as long as we allow has every key before it signs.
_KEPT = int(ANNOUNCED.total_seconds()) // 2
_COORDINATE = 32  # bytes, RFC 7518 section 6.2.1.2


class PublicKeyOut(Out):
    """A key that signs, will sign or did sign tokens that are still good."""

    kid: str
    kty: Literal["EC"]
    crv: Literal["P-256"]
    alg: Literal["ES256"]
    use: Literal["sig"]
    x: str
    y: str

    @classmethod
    def of(cls, key: SigningKey) -> "PublicKeyOut":
        """Shape a key."""
        numbers = key.public.public_numbers()
        return cls(
            kid=key.kid, kty="EC", crv="P-256", alg="ES256", use="sig", x=_encoded(numbers.x), y=_encoded(numbers.y)
        )


class KeySetOut(Out):
    """A JSON Web Key Set."""

    keys: list[PublicKeyOut]


@router.get("/v1/auth/jwks", operation_id="get_key_set", summary="Public keys of access tokens")
async def key_set(tools: ToolsDep, response: Response) -> KeySetOut:
    """Keys that are announced, sign, or still verify. A copy may be kept for five minutes; keys are announced ten
    minutes before they sign."""
    response.headers["Cache-Control"] = f"public, max-age={_KEPT}"
    return KeySetOut(keys=[PublicKeyOut.of(key) for key in tools.keys.published(tools.database.clock.now())])


@router.get("/.well-known/jwks.json", operation_id="get_well_known_key_set", summary="Public keys of access tokens")
async def well_known_key_set(tools: ToolsDep, response: Response) -> KeySetOut:
    """The same as `/v1/auth/jwks`, where libraries look for it."""
    return await key_set(tools, response)


def _encoded(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(_COORDINATE)).decode().rstrip("=")
