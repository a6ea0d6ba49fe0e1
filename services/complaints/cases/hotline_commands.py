"""Have a call that a hotline handed over on file once against an enterprise."""

from __future__ import annotations

import unicodedata
from typing import Final

from services.complaints.cases.documents import Case, Hotline, HotlineCall
from shared.errors import Conflict
from shared.storage.encryption import lookup_hash, lookup_hashes
from shared.storage.transaction import Transaction

CALL: Final = "case.hotline_call"


async def take_call(case: Case, tx: Transaction) -> None:
    """Let a case have the call that it was handed over from, if it was: one call may be about several enterprises, and is taken down
    once for each. Raises Conflict where another case has it."""
    if case.reporter.hotline is None:
        return
    asked = _about(case.reporter.hotline, case.platform)
    for one in lookup_hashes(CALL, asked):
        known = await HotlineCall.of(one, tx)
        if known is not None and known.holder != case.id:
            raise _taken_down(await Case.of(known.holder, tx))
    await HotlineCall.take(lookup_hash(CALL, asked), case.id, tx)


async def give_up_call(case: Case, tx: Transaction) -> None:
    """Let the call be taken down against the enterprise of a case again: the case turns out to be about another one."""
    if case.reporter.hotline is not None:
        for one in lookup_hashes(CALL, _about(case.reporter.hotline, case.platform)):
            await HotlineCall.give_up(one, case.id, tx)


def _about(call: Hotline, platform: str | None) -> str:
    """Line, number and enterprise, however the number is spaced, in whatever case and width."""
    number = "".join(unicodedata.normalize("NFKC", call.number).casefold().split())
    return f"{call.line}|{number}|{platform or ''}"


def _taken_down(first: Case | None) -> Conflict:
    """A case that is kept from other officers is not named to them."""
    if first is None or first.circle is not None or first.confidential:
        return Conflict("taken-down-already", "该热线工单已登记", "this call is on file already")
    return Conflict(
        "taken-down-already",
        f"该热线工单已登记为{first.number}",
        f"this call is on file already, as {first.number}",
        case_number=first.number,
    )
