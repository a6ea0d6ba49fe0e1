"""Record officers who act on money, and find out what one may do."""

from __future__ import annotations

from collections.abc import Collection

from services.subsidies.officers import rules
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.officers.rules import Duty
from shared.callers import Caller
from shared.errors import Conflict, Forbidden
from shared.identity.regions import CITY
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction


async def on_duty(caller: Caller, district: str, *duties: Duty, tx: Transaction | None = None) -> MoneyOfficer:
    """The officer who calls, where they have one of the duties in the district; raises Forbidden otherwise."""
    entry = await MoneyOfficer.of(caller.subject, tx) if caller.role == "officer" else None
    if entry is None:
        raise Forbidden("您不在经办人员名册中", "the officer is not on the register")
    reaches = caller.is_officer_of(entry.department) and caller.reaches(district) and entry.district in (CITY, district)
    stops = rules.obstacle(entry.duties, duties, active=entry.active, reaches=reaches)
    if stops is not None:
        raise stops
    return entry


async def record(
    subject: str,
    department: str,
    district: str,
    duties: Collection[Duty],
    officer: MoneyOfficer | None,
    by: Caller,
    tx: Transaction,
    *,
    active: bool,
) -> MoneyOfficer:
    """Put an officer on the register, or change the entry. `officer`: the entry that there is.

    Raises Forbidden unless a head of the district or the city does so, or an operator who records a head, and Conflict where
    somebody would take the last duty of head from themselves.
    """
    if by.role == "operator":
        if "head" not in duties or (officer is not None and "head" not in officer.duties):
            raise Forbidden("运维人员只能登记负责人", "an operator records heads alone")
    else:
        if not by.is_officer_of(department) or (officer is not None and not by.is_officer_of(officer.department)):
            raise Forbidden("只能登记本部门的经办人员", "officers of one's own department are recorded")
        for place in {district, district if officer is None else officer.district}:
            await on_duty(by, place, "head", tx=tx)
        if by.subject == subject and not ("head" in duties and active):
            raise Conflict("own-duty", "不能取消本人的负责人职责", "nobody takes the duty of head from themselves")
    values = {"department": department, "district": district, "duties": sorted(set(duties)), "active": active}
    await write_down("money_officer.recorded", subject, by, tx)
    return await (MoneyOfficer(id=subject, **values) if officer is None else officer.changed(values)).put(tx)
