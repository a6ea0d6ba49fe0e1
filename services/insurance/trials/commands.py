"""Reckon a month's premiums, duties and benefits again, by what is in force and by a draft. Nothing is stored."""

from __future__ import annotations

from functools import partial

from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.fact_rules import kept_facts
from services.insurance.claims.documents import Claim
from services.insurance.engagements.documents import Platform
from services.insurance.enrolment.documents import Enrolment
from services.insurance.ledger import queries as ledger
from services.insurance.rates.pricing import book
from services.insurance.rates.rules import price
from services.insurance.trials import rules
from shared.policy import calendar
from shared.storage.client import collection_of
from shared.storage.kinds import TimerKind
from shared.trials.stages import Stage, Trying
from shared.trials.tally import Tally

TRIAL = TimerKind[None]("insurance.trial")

PLATFORMS_AT_ONCE = 20
SHEETS_AT_ONCE = 10
ROWS_AT_ONCE = 500


async def premiums(trying: Trying, after: str, tally: Tally) -> str | None:
    """What each platform pays for its orders of the month, by trade. The place: a platform, and one of its sheets."""
    platform, _, sheet = after.partition("|")
    rows = collection_of(Platform).find({"_id": {"$gte": platform}}, {"_id": 1}).sort("_id", 1)
    uscc = [row["_id"] for row in await rows.limit(PLATFORMS_AT_ONCE).to_list(None)]
    read = 0
    for one in uscc:
        behind = sheet if one == platform else ""
        wanted = {"platform": one, "month": trying.month, "charges": {"$gt": 0}, "_id": {"$gt": behind}}
        async for found in ledger.sheets(wanted):
            await _sheet(trying, one, list(ledger.orders_of(found)), tally)
            read += 1
            if read == SHEETS_AT_ONCE:
                return f"{one}|{found['_id']}"
    return f"{uscc[-1]}|~" if len(uscc) == PLATFORMS_AT_ONCE and uscc[-1] != platform else None


async def _sheet(trying: Trying, platform: str, charges: list[str], tally: Tally) -> None:
    terms = (await book().read([platform]))[platform].terms
    for part in ledger.parts(charges):
        for entry in await ledger.by_ids(part):
            day = calendar.shanghai_date(entry["finished_at"])
            ref, trade, district = entry["worker_ref"], entry["industry"], entry["district"]
            before, then = trying.both(partial(price, terms, ref, day, trade, district))
            tally.pays("premium", district, platform, trade, before.premium, then.premium)


async def duties(trying: Trying, after: str, tally: Tally) -> str | None:
    """How many days employers have to register people who began in the month (社会保险法 art. 58). The place: an enrolment."""
    rows = await Enrolment.find({"_id": {"$gt": after}}).sort("+_id").limit(ROWS_AT_ONCE).to_list()
    for enrolment in rows:
        for stored in enrolment.segments:
            segment = stored.segment
            if segment.basis == "employer" and f"{segment.starts_on:%Y-%m}" == trying.month:
                before, then = trying.both(partial(rules.days_to_register, segment))
                tally.gets("days_to_register", enrolment.district, segment.scheme, before, then)
    return rows[-1].id if len(rows) == ROWS_AT_ONCE else None


async def benefits(trying: Trying, after: str, tally: Tally) -> str | None:
    """What one payment of each benefit comes to that is due for the month, or was granted in it. The place: a benefit."""
    rows = await Benefit.find({"_id": {"$gt": after}}).sort("+_id").limit(ROWS_AT_ONCE).to_list()
    wanted = [one for one in rows if _of_month(one, trying.month)]
    claims = await Claim.find({"_id": {"$in": [one.claim_id for one in wanted]}}).to_list() if wanted else []
    fatal = {claim.id: claim.fatal for claim in claims}
    for one in wanted:
        facts = kept_facts(one.basis, one.scheme, fatal=fatal.get(one.claim_id, False))
        before, then = trying.both(partial(rules.benefit, one.kind, facts, one.occurred_on, one.district))
        tally.gets("benefit", one.district, one.kind, before, then)
    return rows[-1].id if len(rows) == ROWS_AT_ONCE else None


def _of_month(benefit: Benefit, month: str) -> bool:
    if benefit.month is None:
        return calendar.month_of(benefit.created_at) == month
    return benefit.month == month or any(payment.month == month for payment in benefit.payments)


STAGES = (Stage("premiums", premiums), Stage("days_to_register", duties), Stage("benefits", benefits))
