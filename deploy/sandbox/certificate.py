"""The certificate of a stand-in that speaks TLS."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def make_certificate(file: Path) -> ssl.SSLContext:
    """A certificate of this server's own for a day, written to a file, and what speaks TLS with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mailbox")])
    names: list[x509.GeneralName] = [x509.DNSName("mailbox"), x509.DNSName("localhost")]
    names.append(x509.IPAddress(ip_address("127.0.0.1")))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    text, no_password = certificate.public_bytes(Encoding.PEM), NoEncryption()
    with TemporaryDirectory() as directory:  # the key goes nowhere else
        chain = Path(directory, "chain.pem")
        chain.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, no_password) + text)
        context.load_cert_chain(chain)
    file.write_bytes(text)
    return context
