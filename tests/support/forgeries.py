"""Forged access tokens of every kind we have heard of, endlessly, the same for the same seed.

A forger sees genuine tokens and the public keys. To try the checks behind the signature, some kinds are signed with the
ring's own key all the same: a token of another purpose, from another program that shares the key.
"""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.keys import KeyRing
from app.identity.tokens import issue_access_token

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_KIDS: tuple[Any, ...] = (
    "", ".", "../../../../dev/null", "/dev/null", "/etc/passwd", "' OR '1'='1", "x' UNION SELECT 'AA==' -- ",
    "http://127.0.0.1/jwks.json", "kid\u0000", "*", "%00", None, 0, -1, True, [], {}, ["k"], "A" * 3000, "ｋ",
)  # fmt: skip
_ALGORITHMS: tuple[Any, ...] = (
    "none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS256", "PS256", "ES384", "ES512", "ES256K",
    "EdDSA", "es256", "ES256 ", "dir", "A128KW", None, 0, ["ES256"], {"alg": "ES256"}, True,
)  # fmt: skip
_NO_TIMES: tuple[Any, ...] = (
    "1e400", "-1", "1.5", "1e3", '"1900000000"', "null", "true", "[]", "{}", "NaN", "Infinity", "-0", "9" * 400,
    "9223372036854775808", '""', "0",
)  # fmt: skip


@dataclass(frozen=True)
class Forgery:
    """A token that must be refused, and what is wrong with it."""

    kind: str
    token: str


def encode(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(part: str) -> bytes:
    """Return the bytes of a part."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Forger:
    """Makes forgeries around genuine tokens of `subjects`: (subject, role, session)."""

    def __init__(self, ring: KeyRing, now: datetime, subjects: list[tuple[UUID, Role, UUID]], seed: int) -> None:
        self._ring, self._now, self._subjects = ring, now, subjects
        self._random = random.Random(seed)
        self._key = ring.signing(now)
        loaded = load_pem_private_key(self._key.pem.encode(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        self._private = loaded
        self._other = ec.generate_private_key(ec.SECP256R1())
        self._wide = ec.generate_private_key(ec.SECP384R1())
        self._rsa = rsa.generate_private_key(65537, 2048)

    def genuine(self) -> str:
        """Return a token as it is issued."""
        subject, role, session = self._random.choice(self._subjects)
        return issue_access_token(self._ring, subject, role, session, self._now)

    def forgeries(self) -> Iterator[Forgery]:
        """Go round all kinds for ever; each time with other details."""
        kinds: list[Callable[[], str]] = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("kind_")]
        while True:
            for kind in kinds:
                yield Forgery(kind.__name__.removeprefix("kind_"), kind())

    # What the parts of a token are.

    def _parts(self) -> list[str]:
        return self.genuine().split(".")

    def _header(self, **changes: Any) -> dict[str, Any]:
        return {"alg": "ES256", "kid": self._key.kid, "typ": "at+jwt", **changes}

    def _claims(self, **changes: Any) -> dict[str, Any]:
        claims: dict[str, Any] = json.loads(decode(self._parts()[1]))
        return {**claims, "jti": str(new_id()), **changes}

    def _unsigned(self, header: Any, claims: Any) -> str:
        return ".".join(
            encode(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, claims)
        )

    def _signed(self, header: Any, claims: Any, key: ec.EllipticCurvePrivateKey | None = None) -> str:
        body = self._unsigned(header, claims)
        return body + "." + encode(_raw(key or self._private, body))

    # Signatures that are none.

    def kind_algorithm(self) -> str:
        header = self._header(alg=self._random.choice(_ALGORITHMS))
        signature = self._random.choice(["", self._parts()[2], encode(bytes(64))])
        return f"{self._unsigned(header, self._claims())}.{signature}"

    def kind_algorithm_but_signed(self) -> str:
        return self._signed(self._header(alg=self._random.choice(_ALGORITHMS)), self._claims())

    def kind_public_key_as_secret(self) -> str:
        public, choose = self._key.public, self._random.choice
        encoding = choose([Encoding.PEM, Encoding.DER])
        secret = public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
        if choose([True, False]):
            point = public.public_bytes(
                Encoding.X962, choose([PublicFormat.UncompressedPoint, PublicFormat.CompressedPoint])
            )
            secret = choose([secret, secret.strip(), point])
        name, digest = choose([("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512"), ("ES256", "sha256")])
        body = self._unsigned(self._header(alg=name), self._claims())
        return body + "." + encode(hmac.digest(secret, body.encode(), digest))

    def kind_somebody_elses_key(self) -> str:
        return self._signed(self._header(), self._claims(), self._other)

    def kind_other_kind_of_key(self) -> str:
        body = self._unsigned(self._header(alg=self._random.choice(["ES256", "RS256"])), self._claims())
        return body + "." + encode(self._rsa.sign(body.encode(), PKCS1v15(), SHA256()))

    def kind_other_curve(self) -> str:
        body = self._unsigned(self._header(alg=self._random.choice(["ES256", "ES384"])), self._claims())
        return body + "." + encode(self._wide.sign(body.encode(), ec.ECDSA(SHA256())))

    def kind_trivial_signature(self) -> str:
        numbers = [0, 1, ORDER - 1, ORDER, ORDER + 1, 2**256 - 1]
        r, s = self._random.choice(numbers), self._random.choice(numbers)
        body = self._unsigned(self._header(), self._claims())
        return body + "." + encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def kind_other_half_of_signature(self) -> str:
        head, claims, signature = self._parts()
        raw = decode(signature)
        s = ORDER - int.from_bytes(raw[32:], "big")
        return f"{head}.{claims}.{encode(raw[:32] + s.to_bytes(32, 'big'))}"

    def kind_shifted_signature(self) -> str:
        head, claims, signature = self._parts()
        raw = decode(signature)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        changed = self._random.choice([raw[32:] + raw[:32], raw[::-1], raw + b"\0", b"\0" + raw, raw * 2, raw[:32],
                                       (r + ORDER).to_bytes(33, "big") + s.to_bytes(33, "big")])  # fmt: skip
        return f"{head}.{claims}.{encode(changed)}"

    def kind_der_signature(self) -> str:
        head, claims, _ = self._parts()
        return f"{head}.{claims}.{encode(self._private.sign(f'{head}.{claims}'.encode(), ec.ECDSA(SHA256())))}"

    def kind_signature_of_another(self) -> str:
        (head, claims, _), (_, _, signature) = self._parts(), self._parts()
        return f"{head}.{claims}.{signature}"

    def kind_cut_signature(self) -> str:
        token = self.genuine()
        return token[: -self._random.randint(1, 86)]

    def kind_flipped_bit(self) -> str:
        parts = self._parts()
        place = self._random.randrange(3)
        raw = bytearray(decode(parts[place]))
        bit = self._random.randrange(len(raw) * 8)
        raw[bit // 8] ^= 1 << bit % 8
        parts[place] = encode(bytes(raw))
        return ".".join(parts)

    # Headers.

    def kind_key_name(self) -> str:
        kid = self._random.choice([*_KIDS, self._key.kid.lower(), self._key.kid + " ", self._key.kid[:-1]])
        return self._signed(self._header(kid=kid), self._claims(), self._random.choice([self._private, self._other]))

    def kind_key_brought_along(self) -> str:
        numbers = self._other.public_key().public_numbers()
        x, y = (encode(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self._key.kid}
        extra = self._random.choice(
            [{"jwk": jwk}, {"jku": "http://127.0.0.1:1/jwks.json"}, {"x5u": "http://127.0.0.1:1/c"}, {"x5c": ["MIIB"]}]
        )
        return self._signed(self._header(**extra), self._claims(), self._other)

    def kind_header_member(self) -> str:
        extra = self._random.choice(
            [{"crit": ["exp"]}, {"crit": []}, {"b64": False, "crit": ["b64"]}, {"zip": "DEF"}, {"cty": "JWT"},
             {"typ": "JWT"}, {"typ": "at+JWT"}, {"typ": "application/at+jwt"}, {"typ": None}, {"typ": ["at+jwt"]},
             {"x": 1}, {"enc": "A128GCM"}, {"nonce": "x"}]
        )  # fmt: skip
        return self._signed(self._header(**extra), self._claims())

    def kind_header_without(self) -> str:
        header = self._header()
        del header[self._random.choice(sorted(header))]
        return self._signed(header, self._claims())

    def kind_header_twice(self) -> str:
        kid = json.dumps(self._key.kid)
        doubled = self._random.choice(
            [f'{{"alg":"none","alg":"ES256","kid":{kid},"typ":"at+jwt"}}',
             f'{{"alg":"ES256","kid":"x","kid":{kid},"typ":"at+jwt"}}',
             f'{{"alg":"ES256","\\u0061lg":"ES256","kid":{kid},"typ":"at+jwt"}}']
        )  # fmt: skip
        return self._signed(doubled.encode(), self._claims())

    def kind_not_an_object(self) -> str:
        other = self._random.choice([[], "x", 1, None, True, b"", b"{", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"[" * 900])
        return self._signed(*self._random.choice([(other, self._claims()), (self._header(), other)]))

    # Claims, signed as they should be.

    def kind_claim_missing(self) -> str:
        claims = self._claims()
        del claims[self._random.choice(sorted(claims))]
        return self._signed(self._header(), claims)

    def kind_claim_added(self) -> str:
        extra = self._random.choice(
            [{"nbf": 0}, {"scope": "all"}, {"admin": True}, {"cnf": {}}, {"": ""}, {"Sub": "x"}]
        )
        return self._signed(self._header(), self._claims(**extra))

    def kind_claim_twice(self) -> str:
        claims = self._claims()
        name = self._random.choice(sorted(claims))
        text = json.dumps(claims)[:-1] + f", {json.dumps(name)}: {json.dumps(claims[name])}}}"
        return self._signed(self._header(), text.encode())

    def kind_issuer_or_audience(self) -> str:
        name, ours = self._random.choice([("iss", "dibao"), ("aud", "dibao-api")])
        value = self._random.choice(
            [[ours], [ours, "x"], None, "", "x", ours + " ", ours.upper(), {}, 0, True, [[ours]]]
        )
        return self._signed(self._header(), self._claims(**{name: value}))

    def kind_identity(self) -> str:
        name = self._random.choice(["sub", "sid", "jti"])
        known = str(self._claims()[name])
        value = self._random.choice(
            [None, "", 0, True, [known], {"id": known}, "{" + known + "}", "urn:uuid:" + known, known.upper() + " ",
             known.replace("-", ""), "x" * 36, known + "\n", "\u0661" + known[1:], "0" * 37]
        )  # fmt: skip
        return self._signed(self._header(), self._claims(**{name: value}))

    def kind_role(self) -> str:
        value = self._random.choice(
            [None, "", "root", "Administrator", ["administrator"], {"role": "finance"}, 0, True]
        )
        return self._signed(self._header(), self._claims(role=value))

    def kind_times(self) -> str:
        name = self._random.choice(["exp", "iat", "epoch"])
        choices = [text for text in _NO_TIMES if not (name == "epoch" and text == "0")]
        claims = self._claims()
        claims[name] = "@"
        text = json.dumps(claims).replace('"@"', self._random.choice(choices))
        return self._signed(self._header(), text.encode())

    def kind_ended(self) -> str:
        ago = timedelta(seconds=self._random.randint(900, 10**8))
        subject, role, session = self._random.choice(self._subjects)
        issued = int((self._now - ago).timestamp())
        times = {"iat": issued, "exp": issued + 900}
        return self._signed(self._header(), self._claims(sub=str(subject), sid=str(session), role=role.value, **times))

    def kind_too_long(self) -> str:
        issued = int(self._now.timestamp())
        times = self._random.choice(
            [(issued, issued + 901), (issued, issued + 10**9), (issued + 60, issued + 900), (issued - 10, issued - 5)]
        )
        return self._signed(self._header(), self._claims(iat=times[0], exp=times[1]))

    # Spellings of a genuine token.

    def kind_unused_bits(self) -> str:
        head, claims, signature = self._parts()
        # 64 bytes leave four bits over in the last of 86 characters.
        last = _ALPHABET.index(signature[-1])
        return f"{head}.{claims}.{signature[:-1]}{_ALPHABET[last ^ self._random.randint(1, 15)]}"

    def kind_padding(self) -> str:
        parts = self._parts()
        place = self._random.randrange(3)
        parts[place] += "=" * self._random.randint(1, 3)
        return ".".join(parts)

    def kind_something_in_between(self) -> str:
        token = self.genuine()
        at = self._random.randint(0, len(token))
        odd = self._random.choice(
            [" ", "\n", "\t", "\r\n", "\0", "+", "/", "=", "%2E", "\u200b", "\u00a0", "!", "~", ".", "é", "𝟎", "\ud800"]
        )
        return token[:at] + odd + token[at:]

    def kind_look_alike(self) -> str:
        token = self.genuine()
        at = self._random.choice([place for place, letter in enumerate(token) if letter.isalnum()])
        return token[:at] + chr(ord(token[at]) + 0xFEE0) + token[at + 1 :]  # its full-width twin

    def kind_other_alphabet(self) -> str:
        head, claims, signature = self._parts()
        raw = decode(signature)
        plain = base64.b64encode(raw).decode()
        return f"{head}.{claims}.{self._random.choice([plain, raw.hex(), plain.rstrip('=') + '+', signature + 'A'])}"

    def kind_other_number_of_parts(self) -> str:
        head, claims, signature = self._parts()
        return self._random.choice(
            ["", ".", "..", "...", head, f"{head}.{claims}", f"{head}.{claims}.", f"{head}..{signature}",
             f".{claims}.{signature}", f"{head}.{claims}.{signature}.", f".{head}.{claims}.{signature}",
             f"{head}.{claims}.{signature}.{signature}", f"{head}.{signature}.{claims}", f"{head}.x.y.z.{signature}"]
        )  # fmt: skip

    def kind_nested(self) -> str:
        inner = self.genuine()
        return self._random.choice(
            [self._signed(self._header(cty="JWT"), inner.encode()), encode(inner.encode()), f'{{"token":"{inner}"}}',
             self._signed(self._header(), {"token": inner}), f"Bearer {inner}", f'"{inner}"', f"{inner},{inner}",
             json.dumps({"payload": inner.split(".")[1], "protected": inner.split(".")[0]})]
        )  # fmt: skip

    def kind_too_much(self) -> str:
        size = self._random.randint(4_096, 20_000)
        return self._random.choice(
            [self._signed(self._header(), self._claims(x="A" * size)), self._signed(self._header(x="A" * size), {}),
             "A" * size, "." * size, self.genuine() + "A" * size]
        )  # fmt: skip

    def kind_noise(self) -> str:
        rng = self._random
        text = "".join(rng.choice(_ALPHABET + ".") for _ in range(rng.randint(1, 400)))
        digest = hashlib.sha512(text.encode()).digest()
        return self._random.choice([text, f"{encode(digest)}.{encode(digest)}.{encode(digest)}"])


def _raw(key: ec.EllipticCurvePrivateKey, body: str) -> bytes:
    """Sign as a well-behaved program would, with the lower s."""
    r, s = decode_dss_signature(key.sign(body.encode(), ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")
