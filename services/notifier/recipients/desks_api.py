"""Where the duty desks of departments are reached, as the departments themselves say."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import Field

from services.notifier.recipients import contact_commands as contacts
from services.notifier.recipients.addresses_api import AddressBody, AddressView, masked
from services.notifier.recipients.documents import Contact, contact_id
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.fields import DistrictOrCity
from shared.web.scope import ALL, callers

router = APIRouter(prefix="/v1", tags=["duty desks 值班岗位"])

Department = Annotated[str, Path(max_length=32, pattern=r"^[a-z_]+$")]
Officer = Annotated[Caller, callers(article=ALL, district="any")]


class DeskBody(AddressBody):
    """A duty desk: what it is called, and the mobile number, the e-mail address or both that reach whoever is on duty."""

    name: str = Field(min_length=1, max_length=50)


class DeskView(AddressView):
    """A duty desk; number and address are masked."""

    department: str
    district: str
    name: str

    @classmethod
    def of(cls, department: str, district: str, contact: Contact) -> Self:
        name = contact.clear_name
        return cls(department=department, district=district, name=name, **masked(contact))


@router.put("/duty-desks/{department}/{district}")
async def record_desk(department: Department, district: DistrictOrCity, body: DeskBody, officer: Officer) -> DeskView:
    """Say where a department's desk for a district (or with 510600 for the city) is reached; for officers of that department
    and district. Messages to a district without a desk go to the city's."""
    _own(officer, department, district)
    phone, email = body.read()

    async def store(tx: Transaction) -> Contact:
        await write_down("desk.recorded", f"{department}:{district}", officer, tx)
        return await contacts.record_desk(f"{department}:{district}", body.name, phone, email, tx)

    return DeskView.of(department, district, await transact(store))


@router.get("/duty-desks/{department}/{district}")
async def read_desk(department: Department, district: DistrictOrCity, officer: Officer) -> DeskView:
    """A duty desk of the officer's own department and district."""
    _own(officer, department, district)
    contact = await Contact.of(contact_id("department", f"{department}:{district}"))
    if contact is None or not contact.known:
        raise NotFound("该值班岗位", "duty desk")
    return DeskView.of(department, district, contact)


def _own(officer: Caller, department: str, district: str) -> None:
    if not officer.is_officer_of(department) or not officer.reaches(district):
        raise Forbidden("只能登记本部门本辖区的值班岗位", "only the desk of the own department and district")
