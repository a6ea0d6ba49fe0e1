"""The service's figures of the report."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from services.insurance.claims.documents import Claim
from services.insurance.enrolment.documents import Enrolment
from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import Sheet
from services.insurance.rates.rules import ZERO
from shared.contracts.base import to_fen
from shared.storage.client import collection_of
from shared.storage.fields import Yuan
from shared.web.scope import CityOfficer

router = APIRouter(prefix="/v1", tags=["statistics 统计"])


class Statistics(BaseModel):
    """`enrolled`: enrolments in force, of both schemes; `orders`: every order, charged or not; `premium` in yuan."""

    enrolled: int
    orders: int
    premium: Yuan
    claims: int


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many are enrolled, what the ledger comes to, and how many claims were filed."""
    sums = {"$group": {"_id": None, "orders": {"$sum": "$charges"}, "premium": {"$sum": "$premium"}}}
    found = await collection_of(Sheet).aggregate([{"$match": {"platform": {"$ne": None}}}, sums]).to_list(1)
    return Statistics(
        enrolled=await Enrolment.find(Enrolment.state == "open").count(),
        orders=found[0]["orders"] if found else 0,
        premium=to_fen(ledger.yuan(found[0]["premium"])) if found else to_fen(ZERO),
        claims=await Claim.find_all().count(),
    )
