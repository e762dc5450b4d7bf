"""The certificates of a sandbox: an authority of its own, one certificate for its agencies, one for us.

Made at the first start and kept; made anew when they are about to run out.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_GOOD_FOR = timedelta(days=3650)
_AT_LEAST = timedelta(days=30)


@dataclass(frozen=True)
class Certificates:
    """Where they lie, as PEM: the authority's certificate, and certificate and key of either side."""

    folder: Path

    @property
    def authority(self) -> Path:
        """Return the certificate of the authority that signed both sides."""
        return self.folder / "authority.pem"

    def certificate(self, side: str) -> Path:
        """Return the certificate of `agencies` or of `us`."""
        return self.folder / f"{side}.pem"

    def key(self, side: str) -> Path:
        """Return the key of `agencies` or of `us`."""
        return self.folder / f"{side}.key"


def make_certificates(folder: Path) -> Certificates:
    """Return the certificates in a folder, and make them if they are not there or run out soon.

    The authority's key signs the two and is forgotten: nobody can make a third.
    """
    made = Certificates(folder)
    if not _are_good(made):
        folder.mkdir(exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        authority = _authority(key)
        for side, purpose in (("agencies", ExtendedKeyUsageOID.SERVER_AUTH), ("us", ExtendedKeyUsageOID.CLIENT_AUTH)):
            own = ec.generate_private_key(ec.SECP256R1())
            _write_key(made.key(side), own)
            _write(made.certificate(side), _signed(side, own.public_key(), purpose, authority, key))
        _write(made.authority, authority)  # last: whoever finds it finds the rest
    return made


def _are_good(made: Certificates) -> bool:
    try:
        authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    except (OSError, ValueError):
        return False
    files = [part(side) for side in ("agencies", "us") for part in (made.certificate, made.key)]
    return authority.not_valid_after_utc > datetime.now(UTC) + _AT_LEAST and all(file.exists() for file in files)


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return (
        _started("Sandbox authority", key.public_key())
        .issuer_name(_name("Sandbox authority"))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _signed(
    side: str,
    key: ec.EllipticCurvePublicKey,
    purpose: x509.ObjectIdentifier,
    authority: x509.Certificate,
    by: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    return (
        _started(f"Sandbox {side}", key)
        .issuer_name(authority.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(names, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )


def _started(name: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _GOOD_FOR)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(Encoding.PEM))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
