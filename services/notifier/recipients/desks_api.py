"""Where the duty desks of departments are reached, as the departments themselves say."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from services.notifier.recipients import commands
from services.notifier.recipients.documents import Contact
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.identity.masking import mask_phone
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.fields import DistrictOrCity, mobile
from shared.web.scope import ALL, callers

router = APIRouter(prefix="/v1", tags=["duty desks 值班岗位"])

Department = Annotated[str, Path(max_length=32, pattern=r"^[a-z_]+$")]
Officer = Annotated[Caller, callers(article=ALL, district="any")]


class DeskBody(BaseModel):
    """A duty desk: what it is called, and the mobile number that reaches whoever is on duty."""

    name: str = Field(min_length=1, max_length=50)
    phone: str = Field(max_length=24, description="a mobile number of mainland China")


class DeskView(BaseModel):
    """A duty desk; its number is masked."""

    department: str
    district: str
    name: str
    phone: str

    @classmethod
    def of(cls, department: str, district: str, contact: Contact) -> Self:
        name, phone = commands.name_of(contact), mask_phone(commands.phone_of(contact))
        return cls(department=department, district=district, name=name, phone=phone)


@router.put("/duty-desks/{department}/{district}")
async def record_desk(department: Department, district: DistrictOrCity, body: DeskBody, officer: Officer) -> DeskView:
    """Say where a department's desk for a district (or with 510600 for the city) is reached; for officers of that department
    and district. Messages to a district without a desk go to the city's."""
    _own(officer, department, district)
    phone = mobile(body.phone)

    async def store(tx: Transaction) -> Contact:
        await write_down("desk.recorded", f"{department}:{district}", officer, tx)
        return await commands.record_desk(f"{department}:{district}", body.name, phone, tx)

    return DeskView.of(department, district, await transact(store))


@router.get("/duty-desks/{department}/{district}")
async def read_desk(department: Department, district: DistrictOrCity, officer: Officer) -> DeskView:
    """A duty desk of the officer's own department and district."""
    _own(officer, department, district)
    contact = await Contact.of(commands.contact_id("department", f"{department}:{district}"))
    if contact is None or not contact.known:
        raise NotFound("该值班岗位", "duty desk")
    return DeskView.of(department, district, contact)


def _own(officer: Caller, department: str, district: str) -> None:
    if not officer.is_officer_of(department) or not officer.reaches(district):
        raise Forbidden("只能登记本部门本辖区的值班岗位", "only the desk of the own department and district")
