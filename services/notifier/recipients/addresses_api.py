"""Where officers and trade unions are reached themselves, and enterprises by e-mail: as they say."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from services.notifier.notices.rules import RecipientKind
from services.notifier.recipients import contact_commands as contacts
from services.notifier.recipients.documents import Contact, contact_id
from shared.callers import Caller
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.identity.emails import LONGEST
from shared.identity.masking import mask_email, mask_phone
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.fields import Uscc, email_address, mobile
from shared.web.scope import ALL, UNION, callers

router = APIRouter(prefix="/v1", tags=["contacts 联系方式"])

Officer = Annotated[Caller, callers(article=ALL, district="any")]
ForUnion = Annotated[Caller, callers("union", departments=[UNION], district="document")]
UnionId = Annotated[str, Path(min_length=1, max_length=128)]
Subject = Annotated[str, Path(min_length=1, max_length=128, description="the subject of the officer's token")]


class AddressBody(BaseModel):
    """Where somebody is reached: by a mobile number, an e-mail address, or both."""

    phone: str | None = Field(None, max_length=24, description="a mobile number of mainland China")
    email: str | None = Field(None, max_length=LONGEST)

    def read(self) -> tuple[str | None, str | None]:
        """Phone and e-mail as they are kept; raises RuleBroken."""
        if not self.phone and not self.email:
            raise RuleBroken(
                "address-missing", "手机号码和电子邮箱至少填写一项", "a phone or an e-mail address is needed"
            )
        return mobile(self.phone) if self.phone else None, email_address(self.email) if self.email else None


class AddressView(BaseModel):
    """Where somebody is reached, masked. `phone_works`, `email_works`: false once messages have come back from there."""

    phone: str | None
    phone_works: bool
    email: str | None
    email_works: bool


class EmailBody(BaseModel):
    """An enterprise's e-mail address; null: none any more."""

    email: str | None = Field(max_length=LONGEST)


class EmailView(BaseModel):
    """An enterprise's e-mail address, masked."""

    email: str | None
    email_works: bool


def masked(contact: Contact) -> dict[str, str | bool | None]:
    """The fields of `AddressView`."""
    phone, email = contact.clear_phone, contact.clear_email
    return {
        "phone": mask_phone(phone) if phone else None,
        "phone_works": bool(phone) and not contact.dead,
        "email": mask_email(email) if email else None,
        "email_works": bool(email) and not contact.email_dead,
    }


@router.put("/officers/{subject}/contact")
async def record_officer(subject: Subject, body: AddressBody, officer: Officer) -> AddressView:
    """Say where an officer is reached: the officer, or one of the same department who reaches their district. Messages to an officer
    without an address go to the duty desk of the department, as do those of a district from which it was not told."""
    phone, email = body.read()

    async def store(tx: Transaction) -> Contact:
        known = await Contact.of(contact_id("officer", subject), tx)
        department, district = officer.department or "", officer.district
        if officer.subject != subject and known is not None:
            _colleague(known, officer)
            department, district = known.department or "", known.district
        await write_down("officer.contact_recorded", subject, officer, tx)
        return await contacts.record_officer(subject, department, district, phone, email, tx)

    return AddressView.model_validate(masked(await transact(store)))


@router.get("/officers/{subject}/contact")
async def read_officer(subject: Subject, officer: Officer) -> AddressView:
    """Where an officer of the own department and district is reached."""
    contact = await Contact.of(contact_id("officer", subject))
    if contact is None:
        raise NotFound("该联系方式", "contact")
    _colleague(contact, officer)
    return AddressView.model_validate(masked(contact))


def _colleague(contact: Contact, officer: Caller) -> None:
    """Raise NotFound where a contact is of another department or district: nobody there learns that it is on file."""
    if not officer.is_officer_of(contact.department or "") or not officer.reaches(contact.district):
        raise NotFound("该联系方式", "contact")


@router.put("/unions/{union_id}/contact")
async def record_union(union_id: UnionId, body: AddressBody, caller: ForUnion) -> AddressView:
    """Say where a trade union is reached: one of those who act for it, or an officer of the general union in its district. Until
    somebody has, its messages wait."""
    phone, email = body.read()

    async def store(tx: Transaction) -> Contact:
        _for_union(await Contact.of(contact_id("union", union_id), tx), caller)
        await write_down("union.contact_recorded", union_id, caller, tx)
        return await contacts.record_union_address(union_id, phone, email, tx)

    return AddressView.model_validate(masked(await transact(store)))


@router.get("/unions/{union_id}/contact")
async def read_union(union_id: UnionId, caller: ForUnion) -> AddressView:
    """Where a trade union is reached, for those who may say it."""
    contact = _for_union(await Contact.of(contact_id("union", union_id)), caller)
    return AddressView.model_validate(masked(contact))


def _for_union(contact: Contact | None, caller: Caller) -> Contact:
    """The contact of a union that the registry has told of, for whoever may say where it is reached."""
    if (
        contact is None
        or not contact.name
        or not (caller.subject in contact.officers or caller.reaches(contact.district))
    ):
        raise Forbidden(
            "只能登记本工会或本辖区工会的联系方式", "only the contact of the own union, or of one of the own district"
        )
    return contact


@router.put("/platforms/{uscc}/contact")
async def record_platform(uscc: Uscc, body: EmailBody, platform: Platform) -> EmailView:
    """Say by which e-mail address the caller's own enterprise is reached, where an SMS is not the better way."""
    _own(platform, uscc)
    email = email_address(body.email) if body.email else None
    return _shown(await transact(lambda tx: _record("platform", uscc, email, platform, tx)))


@router.get("/platforms/{uscc}/contact")
async def read_platform(uscc: Uscc, platform: Platform) -> EmailView:
    """The e-mail address that the caller's own enterprise has given."""
    _own(platform, uscc)
    return _shown(await Contact.of(contact_id("platform", uscc)))


def _own(platform: Caller, uscc: str) -> None:
    if platform.uscc != uscc:
        raise Forbidden("只能登记本单位的联系方式", "only the contact of the own enterprise")


async def _record(kind: RecipientKind, recipient: str, email: str | None, caller: Caller, tx: Transaction) -> Contact:
    await write_down(f"{kind}.contact_recorded", recipient, caller, tx)
    return await contacts.record_email(kind, recipient, email, tx)


def _shown(contact: Contact | None) -> EmailView:
    email = contact.clear_email if contact else ""
    return EmailView(
        email=mask_email(email) if email else None,
        email_works=bool(email and contact and not contact.email_dead),
    )
