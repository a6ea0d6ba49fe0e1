"""`python -m deploy.compose.make_secrets`: every secret file that `deploy/compose.yaml` names, under `deploy/compose/secrets/`.

What is there already stays as it is: so a secret that somebody else gives (the province's, a gateway's) is put there first, and
one that is to be made again is taken away first. A container reads its files under its own user, so each may be read by
everybody, in a directory that nobody but its owner enters.
"""

import base64
import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local import keys
from deploy.local.issuer.app import make_keys
from deploy.local.stack import NOTICES
from deploy.sandbox.messages import load_templates, numbered

SECRETS = Path(__file__).with_name("secrets")
SERVICES = tuple(keys.TRANSIT)
BROKERS = ("kafka-1", "kafka-2", "kafka-3")
MEMBERS = "mongo-1:27017,mongo-2:27017,mongo-3:27017"
AUTHORITY_DAYS, CERTIFICATE_DAYS = 3650, 825


class Incomplete(RuntimeError):
    """Of things that belong together some are there and others not; the text says which, and what to do."""


@dataclass(frozen=True)
class Store:
    """The directory of the secrets; `made` are the names of those that this run made."""

    directory: Path
    made: list[str]

    def keep(self, name: str, make: Callable[[], str]) -> str:
        """The secret of that name, made where there is none."""
        file = self.directory / name
        if not file.exists():
            coming = file.with_name(f".{name}")
            coming.write_text(make(), "utf-8")
            coming.chmod(0o444)
            coming.rename(file)
            self.made.append(name)
        return file.read_text("utf-8")


def make_all(directory: Path) -> list[str]:
    """Make what is missing in `directory`; the names of what was made.

    Raises:
        Incomplete: what is missing cannot be made to fit what is there.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    store = Store(directory, [])
    _key_rings(store)
    store.keep("mongo-key", lambda: base64.b64encode(secrets.token_bytes(756)).decode())
    for name in ("mongo-admin-password", "grafana-admin-password", "metrics-token", "issuer-client-secret"):
        store.keep(name, _password)
    for service in SERVICES:
        store.keep(f"{service}-mongo-uri", partial(_mongo_uri, service))
        store.keep(f"{service}-kafka-password", _password)
    gateways = ("sms-access-key-secret", "tencent-sms-secret-key", "push-secret", "receipt-secret", "smtp-password")
    for name in ("provincial-secret", "training-platform-secret", "tax-office-secret", *gateways):
        store.keep(name, keys.new_secret)
    store.keep("tencent-sms-receipt-token", keys.new_token)
    _template_numbers(store)
    store.keep("issuer-keys.json", partial(_issuer_keys, directory))
    _certificates(store)
    return store.made


def _password() -> str:
    return secrets.token_urlsafe(32)


def _mongo_uri(service: str) -> str:
    return f"mongodb://{service}:{_password()}@{MEMBERS}/{service}?replicaSet=xindun&authSource={service}"


def _issuer_keys(directory: Path) -> str:
    coming = directory / ".issuer-keys"
    coming.unlink(missing_ok=True)
    make_keys(coming)
    text = coming.read_text("utf-8")
    coming.unlink()
    return text


def _key_rings(store: Store) -> None:
    names = {service: f"{service}-keys.json" for service in SERVICES}
    missing = [name for name in names.values() if not (store.directory / name).exists()]
    if missing and len(missing) < len(names):
        raise Incomplete(
            f"{', '.join(missing)} missing in {store.directory} beside those of other services. Bring it back from a backup: "
            "nothing else opens what is stored. Only where nothing is stored yet, take all *-keys.json away and run this again."
        )
    rings = keys.new_rings()
    for service, name in names.items():
        store.keep(name, partial(rings.__getitem__, service))


def _template_numbers(store: Store) -> None:
    """The numbers that the second SMS provider has for our templates: the stand-in's, unless the city has put its own there."""
    name, codes = "tencent-sms-templates", load_templates(NOTICES) or {}
    there = yaml.safe_load(store.keep(name, partial(numbered, codes)))
    if missing := sorted(codes.keys() - there.keys()):
        raise Incomplete(
            f"{store.directory / name} has no number for {', '.join(missing)}. Add what the provider calls them; where the "
            "stand-in is used, or no second provider, take the file away and run this again."
        )


def _certificates(store: Store) -> None:
    """The brokers' own authority, and what it vouches for: the brokers, and who sets them up (`admin`)."""
    owners = {f"{host}.pem": host for host in BROKERS} | {"kafka-admin.pem": "admin"}
    there = {name for name in ("kafka-ca.key", "kafka-ca.crt", *owners) if (store.directory / name).exists()}
    if there >= {"kafka-ca.crt", *owners}:
        return
    if len(there & {"kafka-ca.key", "kafka-ca.crt"}) == 1:
        raise Incomplete(
            f"Certificates are to be made in {store.directory}, and of kafka-ca.key and kafka-ca.crt one alone is there. Bring "
            "the other one back, or take kafka-*.pem and that one away, have all made again, and start Kafka and the services again."
        )
    authority_key = _load(store.keep("kafka-ca.key", lambda: _pem(ec.generate_private_key(ec.SECP256R1()))))
    authority = _name("Xindun Kafka CA")

    def own() -> str:
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        return _signed(authority, authority, authority_key, authority_key, constraint, AUTHORITY_DAYS)

    def issued(host: str) -> str:
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        return _pem(key) + _signed(_name(host), authority, key, authority_key, names, CERTIFICATE_DAYS)

    store.keep("kafka-ca.crt", own)
    for name, host in owners.items():
        store.keep(name, partial(issued, host))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    authority: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
    days: int,
) -> str:
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
        .sign(authority, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    """Without a password: whoever may read the file may use the key."""
    form, clear = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, clear).decode()


def _load(pem: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def main() -> None:
    """Make what is missing and say what that was."""
    try:
        made = make_all(SECRETS)
    except Incomplete as error:
        raise SystemExit(str(error)) from None
    print(f"made {', '.join(made)}" if made else "nothing was missing", f"in {SECRETS}")


if __name__ == "__main__":
    main()
