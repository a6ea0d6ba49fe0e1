"""The provincial online social-insurance platform: everything that is asked of it, and what it answers.

Every request has a number and may be sent again: the province answers the same. All raise `Unanswered` where no answer
comes; work that lets it through is tried again with growing delay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal
from urllib.parse import quote

import httpx2
import msgspec

from services.insurance.province import connection
from services.insurance.province.connection import LINE
from shared.contracts.base import money
from shared.running import Running
from shared.signed_line import Resting, Unanswered, read

__all__ = [
    "Answer",
    "EnrolmentPage",
    "Listed",
    "NoticePage",
    "PaymentResult",
    "Resting",
    "TransferResult",
    "Unanswered",
    "check_settings",
    "end",
    "enrol",
    "list_enrolments",
    "list_payments_in",
    "order_payment",
    "payment_result",
    "request_transfer",
    "transfer_answer",
    "transfer_result",
]  # fmt: skip


class Answer(msgspec.Struct, frozen=True):
    """What became of a request."""

    request_number: str
    receipt_number: str
    status: str
    reason: str | None = None


class PaymentResult(msgspec.Struct, frozen=True):
    """How a payment order stands. `reason`: why it failed; `paid_on`: the day on which the money was paid."""

    status: Literal["pending", "paid", "failed"]
    reason: str | None = None
    paid_on: dt.date | None = None


async def check_settings(_: Running) -> None:
    """Fail at the start rather than at the first enrolment."""
    connection.address()


async def enrol(
    *,
    number: str,
    scheme: str,
    id_number: str,
    name: str,
    uscc: str,
    district: str,
    starts_on: dt.date,
) -> Answer:
    """Ask for an enrolment; raises `Unanswered`."""
    body = {
        "request_number": number,
        "scheme": scheme,
        "id_number": id_number,
        "name": name,
        "uscc": uscc,
        "district": district,
        "starts_on": starts_on,
    }
    return await _ask("/v1/enrolments", number, body)


async def end(number: str, ends_on: dt.date | None) -> Answer:
    """Tell the last day of an enrolment, None to take an end back; a later word holds. Raises `Unanswered`."""
    response = await LINE.post(f"{_at('/v1/enrolments', number)}/end", {"ends_on": ends_on})
    return _answer(response, number)


async def order_payment(
    *, number: str, payee_id_number: str, payee_name: str, account: str, amount: Decimal, purpose: str
) -> Answer:
    """Order a payment in yuan to a bank account; raises `Unanswered`.

    The number decides: an order sent again is not paid twice, whatever it says the second time. An order that is
    accepted is not paid yet: see `payment_result`.
    """
    body = {
        "request_number": number,
        "payee_id_number": payee_id_number,
        "payee_name": payee_name,
        "account": account,
        "amount": money(amount),
        "purpose": purpose,
    }
    return await _ask("/v1/payments", number, body)


async def payment_result(number: str) -> PaymentResult:
    """How a payment order stands; raises `Unanswered`, also where the province does not know it."""
    return read(await LINE.get(f"{_at('/v1/payments', number)}/result"), PaymentResult)


MOST_MONTHS: Final = 1200
"""More months than anybody can have paid: our own bound of what is taken for an answer."""


class TransferResult(msgspec.Struct, frozen=True):
    """How a transfer stands. `reason`: why it was refused; `months`: of contributions that it carried."""

    status: Literal["pending", "completed", "refused"]
    reason: str | None = None
    months: Annotated[int, msgspec.Meta(ge=0, le=MOST_MONTHS)] | None = None


async def request_transfer(
    *, number: str, id_number: str, name: str, direction: str, insurance: str, other_place: str, months: int
) -> Answer:
    """Ask that one insurance of a person move; `months`: paid in the city so far. Raises `Unanswered`.

    A request that is accepted is not done yet: see `transfer_result`.
    """
    body = {
        "request_number": number,
        "id_number": id_number,
        "name": name,
        "direction": direction,
        "insurance": insurance,
        "other_place": other_place,
        "months": months,
    }
    return await _ask("/v1/transfers", number, body)


async def transfer_answer(number: str) -> Answer | None:
    """What was answered to a transfer; None where the province has none of that number. Raises `Unanswered`."""
    response = await LINE.get(_at("/v1/transfers", number))
    return None if response.status_code == httpx2.codes.NOT_FOUND else _answer(response, number)


async def transfer_result(number: str) -> TransferResult:
    """How a transfer stands; raises `Unanswered`, also where the province does not know it, or says that it was done and not how many
    months it carried."""
    found = read(await LINE.get(f"{_at('/v1/transfers', number)}/result"), TransferResult)
    if found.status == "completed" and found.months is None:
        raise Unanswered("completed without its months")
    return found


class Listed(msgspec.Struct, frozen=True):
    """An enrolment as the province has it. `ends_on`: its last day, where an end was told."""

    request_number: str
    receipt_number: str
    status: Literal["accepted", "rejected"]
    reason: str | None
    scheme: str
    id_number: str
    uscc: str
    district: str
    starts_on: dt.date
    ends_on: dt.date | None
    end_receipt: str | None


class EnrolmentPage(msgspec.Struct, frozen=True):
    items: list[Listed]
    next: str | None


class NoticePage(msgspec.Struct, frozen=True):
    """What was paid in, as it came: each item is read by itself, so that one bad item does not hold up the rest."""

    items: list[dict[str, object]]
    next: str | None


async def list_enrolments() -> AsyncIterator[Listed]:
    """Every enrolment of the city that the province has; raises `Unanswered`."""
    cursor: str | None = "0"
    while cursor is not None:
        page = read(await LINE.get("/v1/enrolments", {"cursor": cursor}), EnrolmentPage)
        for listed in page.items:
            yield listed
        cursor = page.next


async def list_payments_in(since: dt.datetime) -> AsyncIterator[list[dict[str, object]]]:
    """What was paid in and changed from `since` on, in pages and in the order of the changes; raises `Unanswered`."""
    cursor: str | None = "0"
    while cursor is not None:
        query = {"since": since.isoformat(), "cursor": cursor}
        page = read(await LINE.get("/v1/contributions", query), NoticePage)
        yield page.items
        cursor = page.next


async def _ask(path: str, number: str, body: Mapping[str, object]) -> Answer:
    response = await LINE.post(path, body)
    if response.status_code == httpx2.codes.CONFLICT:
        # the number was used before with other words (a corrected name): what was answered then holds
        response = await LINE.get(_at(path, number))
    return _answer(response, number)


def _answer(response: httpx2.Response, number: str) -> Answer:
    answer = read(response, Answer)
    if answer.request_number != number or answer.status not in ("accepted", "rejected"):
        raise Unanswered("not an answer to this request")
    return answer


def _at(path: str, number: str) -> str:
    return f"{path}/{quote(number, safe='')}"
