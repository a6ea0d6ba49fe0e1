"""Record officers, and find who may act on a matter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.complaints.officers import rules
from services.complaints.officers.documents import Interest, Load, Officer, encrypted_name, encrypted_reason, with_loads
from services.complaints.officers.rules import Duty, Matter
from shared.callers import Caller
from shared.contracts.complaints import Category
from shared.errors import Conflict, Forbidden
from shared.identity.regions import CITY
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the register says of an officer."""

    name: str
    department: str
    district: str
    certificate: str | None
    duties: Collection[Duty]
    circles: Collection[Category]
    active: bool


async def on_duty(caller: Caller, duty: Duty | None, matter: Matter, tx: Transaction) -> Officer:
    """The officer who calls, where they may act on a matter with this duty (None: read it); raises Forbidden otherwise."""
    officer = await registered(caller, tx)
    if (obstacle := rules.obstacle(officer.person, matter, duty)) is not None:
        raise obstacle
    return officer


async def registered(caller: Caller, tx: Transaction | None = None) -> Officer:
    """The officer who calls, as the register has them; raises Forbidden where it does not, or where the token reaches less."""
    officer = await Officer.of(caller.subject, tx) if caller.role == "officer" else None
    if officer is None or not officer.active or not _told_by(officer, caller):
        raise Forbidden("您不在经办人员名册中", "the officer is not on the register")
    return officer


async def stays_away_from(caller: Caller, tx: Transaction | None = None) -> list[str]:
    """The enterprises of which the officer who calls reads nothing; raises Forbidden for one who is not on the register."""
    return [one.enterprise for one in (await registered(caller, tx)).interests]


async def record(subject: str, entry: Entry, officer: Officer | None, by: Caller, tx: Transaction) -> Officer:
    """Put an officer on the register, or change what it says. `officer`: the entry that there is.

    Raises Forbidden unless a chief of the same department and district or of the city does so, or an operator who records a
    department's chief, and Conflict where somebody would take the last duty from themselves.
    """
    await _may_record(entry, officer, by, tx)
    if by.subject == subject and "chief" not in entry.duties:
        raise Conflict("own-duty", "不能取消本人的负责人职责", "nobody takes the duty of chief from themselves")
    values = {
        "name": encrypted_name(subject, entry.name),
        "department": entry.department,
        "district": entry.district,
        "certificate": entry.certificate,
        "duties": sorted(set(entry.duties)),
        "circles": sorted(set(entry.circles)),
        "active": entry.active,
    }
    await write_down("officer.recorded", subject, by, tx)
    return await (Officer(id=subject, **values) if officer is None else officer.changed(values)).put(tx)


async def declare_interest(officer: Officer, enterprise: str, reason: str, tx: Transaction) -> Officer:
    """Record that an officer stays away from an enterprise's matters (回避), from now on."""
    others = [one for one in officer.interests if one.enterprise != enterprise]
    officer.interests = [*others, Interest(enterprise=enterprise, reason=encrypted_reason(officer.id, reason))]
    return await officer.put(tx)


async def find_assignee(matter: Matter, duty: Duty, tx: Transaction, *, away: Collection[str] = ()) -> Officer | None:
    """Whom a matter goes to, or None where nobody on the register may take it; see `rules.assignee`."""
    wanted = {"department": {"$in": sorted(matter.departments)}, "district": {"$in": [CITY, matter.district]}}
    found = {one.id: one for one in await tx.find(Officer, wanted)}
    able = [one for one in found.values() if one.id not in away and rules.obstacle(one.person, matter, duty) is None]
    people = await with_loads(able, tx) if len(able) > 1 else [one.person for one in able]
    chosen = rules.assignee(people, matter, duty)
    return None if chosen is None else found[chosen.subject]


def take_on(subject: str, tx: Transaction) -> None:
    """Count one more matter in an officer's hands."""
    Load.add(subject, 1, tx)


def give_up(subject: str, tx: Transaction) -> None:
    """Count one matter less in an officer's hands."""
    Load.add(subject, -1, tx)


def _told_by(officer: Officer, caller: Caller) -> bool:
    return caller.is_officer_of(officer.department) and caller.reaches(officer.district)


async def _may_record(entry: Entry, officer: Officer | None, by: Caller, tx: Transaction) -> None:
    if by.role == "operator":
        if "chief" in entry.duties and (officer is None or "chief" in officer.duties):
            return
        raise Forbidden("运维人员只能登记部门负责人", "an operator records the chiefs of departments alone")
    chief = await registered(by, tx)
    places = [(entry.department, entry.district)]
    if officer is not None:
        places.append((officer.department, officer.district))
    for department, district in places:
        if obstacle := rules.obstacle(chief.person, Matter(departments=[department], district=district), "chief"):
            raise obstacle
