"""What HTTP shows of batches."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.batches.rules import Approval, LineState, State
from services.subsidies.budgets.rules import Source
from shared.identity.masking import mask_bank_account, mask_name
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field
from shared.storage.fields import Yuan


class Sum(BaseModel):
    """So many lines, and their yuan."""

    lines: int
    total: Yuan


class GivenView(BaseModel):
    """An approval that was given."""

    by: str
    given_as: Approval
    at: dt.datetime


class BatchView(BaseModel):
    """A batch. `declared` is the sum of `paid`, `failed`, `returned` and `open` to the fen; `needed`: whose approvals it needs, in
    their order. The hashes are those of its file."""

    batch_id: str
    kind: str
    source: Source
    district: str
    day: dt.date
    layout: str
    purpose: str
    state: State
    made_by: str
    needed: list[Approval]
    approvals: list[GivenView]
    declared: Sum
    declared_fen: int
    paid: Sum
    failed: Sum
    returned: Sum
    open: Sum
    csv_sha256: str | None
    xlsx_sha256: str | None
    exports: int
    used: list[Used]

    @classmethod
    def of(cls, one: Batch) -> Self:
        return cls(
            batch_id=one.id,
            kind=one.kind,
            source=one.source,
            district=one.district,
            day=one.day,
            layout=one.layout,
            purpose=one.purpose,
            state=one.state,
            made_by=one.made_by,
            needed=one.needed,
            approvals=[GivenView(by=given.by, given_as=given.as_, at=given.at) for given in one.approvals],
            declared=Sum(lines=one.declared, total=one.total),
            declared_fen=int(one.total * 100),
            paid=Sum(lines=one.paid, total=one.paid_total),
            failed=Sum(lines=one.failed, total=one.failed_total),
            returned=Sum(lines=one.returned, total=one.returned_total),
            open=Sum(lines=one.open, total=one.open_total),
            csv_sha256=one.csv_sha256,
            xlsx_sha256=one.xlsx_sha256,
            exports=one.exports,
            used=one.used,
        )


class LineView(BaseModel):
    """A line of a batch, masked. `reference`: by what the bank names it."""

    reference: str
    position: int
    payment_id: str
    name: str
    account: str
    amount: Yuan
    state: LineState

    @classmethod
    def of(cls, one: BatchLine) -> Self:
        return cls(
            reference=one.id,
            position=one.position,
            payment_id=one.payment_id,
            name=mask_name(decrypt_field("batch_line.name", one.id, one.name)),
            account=mask_bank_account(decrypt_field("batch_line.account", one.id, one.account)),
            amount=one.amount,
            state=one.state,
        )
