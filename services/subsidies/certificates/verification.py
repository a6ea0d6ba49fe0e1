"""Whether a certificate is valid, for whoever knows its number and its holder's name."""

from __future__ import annotations

from services.subsidies.certificates.documents import Certificate
from services.subsidies.certificates.rules import Verdict, verdict
from services.subsidies.trainees.documents import Person
from shared.storage.records import find


async def verify(number: str, name: str) -> tuple[Verdict, Certificate] | None:
    """What a certificate is worth; None where there is none of that number whose holder is called so."""
    for certificate in [
        *await find(Certificate, {"number": number}),
        *await find(Certificate, {"other_numbers": number}),
    ]:
        if certificate.worker_id is None or certificate.state == "joined":
            continue
        person = await Person.of(certificate.worker_id)
        if person is not None and person.is_called(name):
            return verdict(certificate.state), certificate
    return None
