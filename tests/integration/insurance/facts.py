"""Facts that other services and platforms tell, with synthetic persons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from shared.contracts.base import CloudEvent
from shared.contracts.platform import IncidentReported, OrderFinished, platform_source
from shared.contracts.registry import EngagementFact, EnterpriseRegistered, WorkerRegistered
from shared.ids import new_id
from shared.storage.encryption import seal_for

ID_NUMBER, NAME = "51060319900101001X", "测试甲"
CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def new_platform() -> str:
    """A credit code with its check digit that no other test uses."""
    seed = new_id().replace("-", "").upper()[-9:]
    body = "91510600" + "".join(CODE_CHARACTERS[int(digit, 16)] for digit in seed)
    total = sum(CODE_CHARACTERS.index(one) * pow(3, place, 31) for place, one in enumerate(body))
    return body + CODE_CHARACTERS[-total % 31]


def at(text: str) -> dt.datetime:
    """An instant in Shanghai: `2026-09-02 12:00`."""
    return dt.datetime.fromisoformat(f"{text}+08:00")


def worker(worker_id: str, name: str = NAME) -> WorkerRegistered:
    sealed = seal_for("insurance", {"id_number": ID_NUMBER, "name": name})
    return WorkerRegistered(worker_id=worker_id, for_insurance=sealed, for_notifier="", for_subsidies="")


def enterprise(uscc: str, *classes: tuple[str, str]) -> EnterpriseRegistered:
    return msgspec.convert(
        {
            "uscc": uscc,
            "name": "测试平台",
            "industries": ["instant_delivery"],
            "delivery_classes": classes,
            "for_notifier": "",
        },
        EnterpriseRegistered,
    )


def engagement(kind: type[EngagementFact], platform: str, worker_ref: str = "w1", **changes: Any) -> Any:
    values = {
        "engagement_id": f"{platform}-{worker_ref}",
        "version": 1,
        "worker_id": f"person-{platform}-{worker_ref}",
        "platform": platform,
        "worker_ref": worker_ref,
        "industry": "instant_delivery",
        "relation": "self_employed",
        "started_on": "2026-09-01",
        "ended_on": None,
        "district": "510603",
        "agreement": None,
        "partner_uscc": None,
        "dispatched": False,
        "happened_at": "2026-09-01T08:00:00+08:00",
        "was_blocked": False,
        "reason": "",
    }
    return msgspec.convert(values | changes, kind)


def order(
    order_id: str, finished_at: str = "2026-09-02 12:30", worker_ref: str = "w1", **changes: Any
) -> OrderFinished:
    finished = at(finished_at)
    values: dict[str, Any] = {
        "order_id": order_id,
        "worker_ref": worker_ref,
        "industry": "instant_delivery",
        "taken_at": finished - dt.timedelta(minutes=30),
        "finished_at": finished,
        "district": "510603",
        "fee": "5.00",
    }
    return OrderFinished(**(values | changes))


def event(platform: str, fact: OrderFinished) -> CloudEvent[OrderFinished]:
    return CloudEvent(new_id(), platform_source(platform), fact.TYPE, fact.finished_at, fact)


def incident(incident_id: str, occurred_at: str = "2026-09-02 12:10", **changes: Any) -> IncidentReported:
    """An accident as the gateway publishes it; what happened is sealed, unless it is given in clear as in the past."""
    told = {"place": "旌阳区某路口", "description": "电动车侧翻，联系电话13800000001"}
    values: dict[str, Any] = {
        "incident_id": incident_id,
        "worker_ref": "w1",
        "order_id": None,
        "occurred_at": at(occurred_at),
        "district": "510603",
        "place": "",
        "description": "",
        "severity": "minor",
        "for_insurance": None if told.keys() & changes.keys() else seal_for("insurance", told),
    }
    return IncidentReported(**(values | changes))
