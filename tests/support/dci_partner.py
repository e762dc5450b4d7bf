"""A partner that speaks the DCI standard: keys of its own, written from the standard, not with the product's code."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

BASE = "/v1/partner/dci/registry"


@dataclass
class DciPartner:
    """One partner. `kind`: 'ed25519' or 'es256' with the standard's parameters, or 'jws' for a detached JWS."""

    kind: str = "es256"
    sender: str = "medical.example"
    key_id: str = "key-1"
    secret: str = ""
    key: Any = field(init=False)

    def __post_init__(self) -> None:
        ed25519 = self.kind == "ed25519"
        self.key = Ed25519PrivateKey.generate() if ed25519 else ec.generate_private_key(ec.SECP256R1())

    @property
    def jwk(self) -> dict[str, str]:
        """Its public key, as it is registered."""
        if self.kind == "ed25519":
            return {"kty": "OKP", "crv": "Ed25519", "x": text(self.key.public_key().public_bytes_raw())}
        numbers = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": text(numbers.x.to_bytes(32)), "y": text(numbers.y.to_bytes(32))}

    @property
    def headers(self) -> dict[str, str]:
        """What it shows beside the envelope."""
        return {"Authorization": f"Bearer {self.secret}"}

    def search(self, *persons: tuple[str, str], header: Any = None, **changes: Any) -> dict[str, Any]:
        """Return a signed search for persons by number and name; `changes` of every request's criteria."""
        requests = [
            {
                "reference_id": f"R{place}",
                "timestamp": now(),
                "search_criteria": {
                    "version": "1.0.0",
                    "reg_type": "ns:org:RegistryType:Social",
                    "query_type": "idtype-value",
                    "query": {"type": "UIN", "value": {"id_number": number, "name": name}},
                    "authorize": {
                        "purpose": {
                            "text": "医疗救助",
                            "code": "medical_assistance",
                            "ref_uri": "urn:basis:social_assistance_law_24",
                        }
                    },
                    **changes,
                },
            }
            for place, (number, name) in enumerate(persons)
        ]
        message = {"transaction_id": "T-1", "search_request": requests}
        return self.envelope("search", message, len(requests), header or {})

    def status(self, kind: str, value: Any, header: Any = None) -> dict[str, Any]:
        """Return a signed question about a transaction."""
        asked = {"reference_id": "Q1", "txn_type": "search", "attribute_type": kind, "attribute_value": value}
        message = {"transaction_id": "T-1", "txnstatus_request": asked}
        return self.envelope("txn-status", message, 1, header or {})

    def envelope(self, action: str, message: Any, count: int, changes: dict[str, Any]) -> dict[str, Any]:
        """Return a signed envelope."""
        header = {
            "version": "1.0.0", "message_id": uuid4().hex, "message_ts": now(), "action": action,
            "sender_id": self.sender, "receiver_id": "dibao", "total_count": count, "is_msg_encrypted": False,
            **changes,
        }  # fmt: skip
        return {"signature": self.sign({"header": header, "message": message}), "header": header, "message": message}

    def sign(self, content: dict[str, Any], *, created: int | None = None, life: int = 300) -> str:
        """Sign header and message."""
        if self.kind == "jws":
            head = text(canonical({"alg": "ES256", "kid": self.key_id}))
            return f"{head}..{text(self._raw(f'{head}.{text(canonical(content))}'.encode()))}"
        created = int(time.time()) if created is None else created
        line = signing_string(created, created + life, content)
        signed = base64.b64encode(self.key.sign(line) if self.kind == "ed25519" else self._raw(line)).decode()
        return (
            f'Signature: namespace="dci", kidId="{self.sender}|{self.key_id}|{self.kind}", algorithm="{self.kind}", '
            f'created="{created}", expires="{created + life}", headers="(created) (expires) digest", '
            f'signature="{signed}"'
        )

    def _raw(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)


def check_ours(answer: dict[str, Any], key_set: dict[str, Any]) -> None:
    """Check our signature with our published keys, as a partner would; raises where it does not fit."""
    content = {"header": answer["header"], "message": answer["message"]}
    signature: str = answer["signature"]
    if ".." in signature:
        head, _, signed = signature.partition("..")
        named = json.loads(raw_of(head))
        check(key_set, named["kid"], f"{head}.{text(canonical(content))}".encode(), raw_of(signed))
        return
    named = {
        name: value.strip('"') for name, _, value in (part.strip().partition("=") for part in signature.split(","))
    }
    sender, kid, algorithm = named["kidId"].split("|")
    assert (sender, algorithm, named["namespace"]) == ("dibao", "es256", "dci")
    line = signing_string(int(named["created"]), int(named["expires"]), content)
    check(key_set, kid, line, base64.b64decode(named["signature"] + "=="))


def check(key_set: dict[str, Any], kid: str, message: bytes, signed: bytes) -> None:
    (jwk,) = [each for each in key_set["keys"] if each["kid"] == kid]
    x, y = (int.from_bytes(raw_of(jwk[name])) for name in ("x", "y"))
    der = encode_dss_signature(int.from_bytes(signed[:32]), int.from_bytes(signed[32:]))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    public.verify(der, message, ec.ECDSA(hashes.SHA256()))


def signing_string(created: int, expires: int, content: Any) -> bytes:
    digest = base64.b64encode(hashlib.sha256(canonical(content)).digest()).decode()
    return f"(created): {created}\n(expires): {expires}\ndigest: {digest}".encode()


def canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw_of(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
