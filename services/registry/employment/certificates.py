"""What a person's certificate of employment and unemployment (就业创业证) says today, and whether somebody says it rightly."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from services.registry.employment.documents import Employment
from services.registry.workers.commands import person_of
from services.registry.workers.documents import Worker
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.records import find

Stands = Literal["employed", "flexible", "unemployed", "none"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate in clear, for its holder alone."""

    number: str
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    stands: Stands
    since: dt.date | None
    district: str | None


async def of_worker(worker: Worker) -> Certificate | None:
    """A person's certificate; None where there is none."""
    employment = await Employment.of(worker.id)
    if employment is None:
        return None
    person = person_of(worker)
    return Certificate(employment.certificate_number, person.name, person.id_number, *standing(employment))


async def verify(number: str, name: str, stands: Stands) -> dt.date | None:
    """Since when the certificate of that number and holder says so; None where it does not, or there is no such one."""
    for employment in await find(Employment, {"certificate_number": number}):
        worker = await Worker.of(employment.id)
        # one certificate may be named by a record whose place another has taken: that one alone says how things stand
        if worker is None or worker.merged_into is not None or worker.keeping == "erased":
            continue
        found, since, _ = standing(employment)
        if _plain(person_of(worker).name) == _plain(name) and found == stands:
            return since
    return None


def standing(employment: Employment) -> tuple[Stands, dt.date | None, str | None]:
    """How a person is registered today, since when and in which district."""
    today = shanghai_date(clock.now())
    for one in employment.standing:
        if one.starts_on <= today and (one.ends_on is None or today <= one.ends_on):
            since, form = next((each.since, each.form) for each in reversed(one.forms) if each.since <= today)
            return form, since, one.district
    registered = employment.unemployed_on(today)
    if registered is not None:
        return "unemployed", registered.registered_on, registered.district
    return "none", None, None


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
