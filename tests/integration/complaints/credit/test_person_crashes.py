"""A complaints service that dies by SIGKILL while it is recorded that a listing decision was served on a person: once and whole, or
not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from services.complaints.app import service
from services.complaints.credit.documents import Entry, Listing, encrypted_text
from services.complaints.credit.person_documents import ListedPerson, encrypted_person
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.audit import AuditEntry
from shared.storage.transaction import transact
from tests.integration.complaints.penalties.course import HERE, office, officer, today
from tests.integration.complaints.responsible_persons.test_persons import NAME, NUMBER, breached
from tests.integration.complaints.test_penalty_crashes import door
from tests.integration.dying import own
from tests.unit.identity.numbers import make_uscc

OWN: Final = "c-killed"
PERSON: Final = "person-killed"


async def listed(uscc: str) -> None:
    """A listing that was decided on, with a person on whom that is not served yet."""
    sealed = {
        name: encrypted_person(OWN, text)
        for name, text in (("name", NAME), ("id_number", NUMBER), ("position", "经理"))
    }
    texts = {name: encrypted_text(OWN, "无") for name in ("representative", "facts", "result")}
    await transact(
        Listing(
            id=OWN, number="德信用9", kind="wage_arrears", directive_id=await breached(uscc), enterprise=uscc,
            department="hrss", district=HERE, entry=Entry(name="试样企业", address="德阳市", **texts),
            persons=[ListedPerson(id=PERSON, role="direct", named_by="p-first", **sealed)], reached=True, assessed="above_range",
            judged=False, incident=False, grounds=encrypted_text(OWN, "达到数额"), state="listed", proposed_by="p-first",
            decided_by="p-second", listed_on=shanghai_date(clock.now()), used=[],
        ).put
    )  # fmt: skip


async def test_a_kill_serves_a_person_once_and_whole(kafka_bootstrap: str, tmp_path: Path) -> None:
    async def ask(port: int) -> tuple[int, Any]:
        path = f"/v1/credit-listings/{OWN}"
        async with door(port) as complaints:
            etag = (await complaints.http.get(path, headers=officer("p-third"))).headers["etag"]
            answer = await complaints.http.post(
                f"{path}/responsible-persons/{PERSON}/service",
                json={"on": today(), "by": "留置送达"},
                headers=officer("p-third") | {"If-Match": etag},
            )
            return answer.status_code, answer.json().get("type")

    async def kept() -> tuple[str | None, int]:
        listing = await Listing.of(OWN)
        assert listing is not None
        served_on = listing.persons[0].decision_served_on
        entries = await AuditEntry.find({"about": PERSON, "action": "credit.person_served"}).count()
        return None if served_on is None else str(served_on), entries

    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await office()
        await listed(make_uscc("PX0000007"))
        await doomed.killed_at("credit.person_served", ask)
        assert await kept() == (None, 0)
        async with doomed.serving():
            assert await ask(doomed.port) == (200, None)
            assert await ask(doomed.port) == (409, "/problems/not-to-serve")
        assert await kept() == (today(), 1)
