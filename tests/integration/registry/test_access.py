"""Every route of the registry as every kind of caller."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest_asyncio

from services.registry.courses.documents import ReportedCourse
from services.registry.restrictions.documents import Listed, Restriction
from shared import clock
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.access import CITY, HERE, OPERATIONS, OTHER, OWN, UNION, Line, misjudged, routes
from tests.integration.registry.city import City
from tests.unit.identity.numbers import make_uscc
from tests.unit.registry.pushes import array, person, profile

PARTNER, THIRD = make_uscc("YY0000003"), make_uscc("YY0000004")
CLOUDEVENTS = {"Content-Type": "application/cloudevents-batch+json"}
TRAINED = {"course": "safety-onboarding", "completed_on": "2026-09-01"}
ALL_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]


class Seeds:
    """Something of every kind that belongs to the callers of the walk."""

    def __init__(self, registry: Harness) -> None:
        self.registry, self.today = registry, shanghai_date(clock.now())
        self.worker = self.second = self.engagement = self.licence = self.cooperation = self.contest = ""
        self.union = self.membership = self.station = self.consultation = self.contract = self.receipt = ""
        self.course = ReportedCourse.id_of(OWN, TRAINED["course"])

    async def call(
        self, who: dict[str, str], method: str, path: str, body: Any = None, seen: str | None = None, **headers: str
    ) -> dict[str, Any]:
        sent = {**who, **headers, "Idempotency-Key": new_id()} | ({"If-Match": seen} if seen else {})
        answer = await self.registry.http.request(method, f"/v1{path}", json=body, headers=sent)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return {**answer.json(), "etag": answer.headers.get("etag")}

    async def lay(self) -> None:
        officer, union, platform = self.registry.officer, bearer("union", sub=UNION), bearer("platform", uscc=OWN)
        for uscc, kind in ((OWN, "platform"), (PARTNER, "partner")):
            filing = {"name": "试样", "kinds": [kind], "industries": ["courier"], "contact_phone": "13700000002"}
            await self.call(officer, "PUT", f"/enterprises/{uscc}", filing)
        city = City(self.registry, 1)
        city.one = OWN
        await city.push(
            city.start(industry="courier", id_number=person(901), safety_training=TRAINED),
            city.start(industry="courier", id_number=person(902), worker_ref="w-2"),
        )
        engaged = {one["worker_ref"]: one for one in await city.listed()}
        self.worker, self.engagement = engaged["w-1"]["worker_id"], engaged["w-1"]["engagement_id"]
        self.second = engaged["w-2"]["worker_id"]
        pushed = await self.call(platform, "POST", "/platform-events", [profile(platform=OWN)], **CLOUDEVENTS)
        self.receipt = pushed["receipt"]
        for kind in ("business", "courier"):
            paper = {"kind": kind, "number": f"{kind}-1", "valid_from": "2020-01-01"}
            made = await self.call(officer, "POST", f"/enterprises/{PARTNER}/licences", paper)
            self.licence = made["licence_id"]
        await self._agreements(officer, union, platform)
        await eventually(self._gathered)

    async def _agreements(self, officer: dict[str, str], union: dict[str, str], platform: dict[str, str]) -> None:
        together = {"platform": OWN, "partner": PARTNER, "form": "outsourcing", "industry": "courier"}
        began = {"district": HERE, "starts_on": str(self.today)}
        self.cooperation = (await self.call(platform, "POST", "/cooperations", together | began))["cooperation_id"]
        await transact(self._restrict)
        record = {"uscc": OWN, "kind": "penalty", "number": "罚1", "authority": "某机关", "text": "罚款"}
        said = await self.call(officer, "POST", "/department-records", record | {"decided_on": str(self.today)})
        self.record = said["record_id"]
        worker = bearer("worker", worker_id=self.worker)
        claim = {"claimed": "employment", "since": "2026-09-02", "grounds": "接受平台管理"}
        path = f"/engagements/{self.engagement}/footing-contests"
        self.contest = (await self.call(worker, "POST", path, claim))["contest_id"]
        body: dict[str, Any] = {"name": "本区快递工会", "district": HERE, "officers": [UNION]}
        body |= {"scope": {"districts": [HERE], "industries": ["courier", "instant_delivery"]}}
        self.union = (await self.call(officer, "POST", "/unions", body))["union_id"]
        asked = await self.call(union, "POST", f"/unions/{self.union}/members", {"worker_id": self.worker})
        self.membership = asked["membership_id"]
        shared = {"share": ["footing", "papers", "safety"]}
        await self.call(worker, "POST", f"/memberships/{self.membership}/confirmation", shared, seen=asked["etag"])
        self.station = (await self.call(union, "POST", "/stations", self.place()))["station_id"]
        self.consultation = (await self.call(union, "POST", "/consultations", self.demand()))["consultation_id"]
        talks = await self.call(union, "POST", "/consultations", self.demand())
        path, yes = f"/consultations/{talks['consultation_id']}/answers", {"takes_part": True, "text": "同意"}
        await self.call(platform, "POST", path, yes, seen=talks["etag"])
        signed = self.text() | {"consultation_id": talks["consultation_id"]}
        self.contract = (await self.call(union, "POST", "/collective-contracts", signed))["contract_id"]

    async def _restrict(self, tx: Any) -> None:
        listed = Listed(fields=["awards"], since=self.today, until=self.today, told_at=clock.now())
        await Restriction(id="r-own", uscc=OWN, state="in_force", listed=listed).put(tx)

    async def _gathered(self) -> bool:
        paths = (f"/workers/{self.worker}/dossier", f"/enterprises/{OWN}/dossier", f"/workers/{self.worker}/employment")
        answers = [await self.registry.http.get(f"/v1{one}", headers=self.registry.officer) for one in paths]
        return all("用工登记" in answer.text for answer in answers[:2]) and answers[2].is_success

    def place(self) -> dict[str, Any]:
        return {
            "union_id": self.union,
            "kind": "couriers_station",
            "name": "小哥驿站",
            "district": HERE,
            "address": "某路1号",
            "longitude": 104.4,
            "latitude": 31.1,
            "hours": ALL_DAY,
        }

    def vote(self) -> dict[str, Any]:
        numbers = {"entitled": 10, "present": 10, "in_favour": 10, "against": 0}
        return {"body": "all_workers", "held_on": str(self.today), "minutes_sha256": "0" * 64, **numbers}

    def demand(self) -> dict[str, Any]:
        return {
            "level": "enterprise",
            "side": "union",
            "workers_side": "本区快递工会",
            "platforms": [OWN],
            "district": HERE,
            "subjects": ["pay"],
            "demand": "就劳动报酬开展协商",
        }

    def text(self) -> dict[str, Any]:
        return {
            "number": "德集合-本区-1",
            "signed_on": str(self.today),
            "valid_from": str(self.today),
            "valid_to": str(self.today + dt.timedelta(300)),
            "terms": {"hourly_pay": "30.00"},
        }

    def table(self) -> dict[str, Line]:
        """Who may call which route of the registry."""
        own, day = {"uscc": OWN}, str(self.today)
        engagement, worker = {"engagement_id": self.engagement}, {"worker_id": self.worker}
        licence, cooperation = {"licence_id": self.licence}, {"cooperation_id": self.cooperation}
        restriction, contest = {"restriction_id": "r-own"}, {"contest_id": self.contest}
        union, membership = {"union_id": self.union}, {"membership_id": self.membership}
        station, talks = {"station_id": self.station}, {"consultation_id": self.consultation}
        contract, reason = {"contract_id": self.contract}, {"reason": "材料"}
        filing = {"name": "新名", "kinds": ["platform"], "industries": ["courier"], "contact_phone": "13700000009"}
        paper = {"kind": "courier", "number": "courier-2", "valid_from": "2020-01-01"}
        together = {"platform": OWN, "partner": PARTNER, "form": "outsourcing", "industry": "courier"}
        scope = {"districts": [HERE]}
        founded = {"name": "又一工会", "district": HERE, "officers": ["x"], "scope": scope}
        amended = {"since": day, "signed_on": day, "received_on": day, "hourly_pay": "31.00"}
        seen = "用工登记"
        record = {
            "uscc": OWN,
            "kind": "penalty",
            "number": "罚2",
            "authority": "某机关",
            "decided_on": day,
            "text": "罚款",
        }
        return OPERATIONS | {
            "POST /v1/platform-events": Line(
                who="platforms", content=array(profile(platform=OWN)), headers=CLOUDEVENTS
            ),
            "GET /v1/batches/{receipt}": Line(who="platform", at={"receipt": self.receipt}),
            "PUT /v1/platforms/{platform}/signing-secret": Line(who="hrss!", at={"platform": THIRD}),
            "GET /v1/enterprises": Line(who="art11*", shows=OWN),
            "GET /v1/enterprises/{uscc}": Line(who="platform art11*", at=own),
            "PUT /v1/enterprises/{uscc}": Line(who="hrss!", at=own, json=filing),
            "POST /v1/enterprises/{uscc}/licences": Line(who="hrss! post!", at={"uscc": PARTNER}, json=paper),
            "GET /v1/enterprises/{uscc}/licences": Line(who="everybody", at={"uscc": PARTNER}),
            "GET /v1/enterprises/{uscc}/licence-penalties": Line(who="everybody", at={"uscc": PARTNER}),
            "GET /v1/licences/{licence_id}": Line(who="everybody", at=licence),
            "POST /v1/licences/{licence_id}/renewals": Line(who="hrss! post!", at=licence, json={"valid_to": None}),
            "POST /v1/licences/{licence_id}/revocation": Line(
                who="hrss! post!", at=licence, json={"revoked_on": day, **reason}
            ),
            "POST /v1/cooperations": Line(
                who="platform hrss transport", json=together | {"district": HERE, "starts_on": day}
            ),
            "GET /v1/cooperations": Line(who="platform art3", shows=self.cooperation),
            "GET /v1/cooperations/{cooperation_id}": Line(who="platform art3", at=cooperation),
            "POST /v1/cooperations/{cooperation_id}/end": Line(
                who="platform hrss transport", at=cooperation, json={"ends_on": day}
            ),
            "GET /v1/enterprises/{uscc}/dispatch-share": Line(who="platform art3!", at=own),
            "GET /v1/enterprises/{uscc}/restrictions": Line(who="public", at=own),
            "GET /v1/restrictions": Line(who="platform art16*", shows="r-own"),
            "GET /v1/restrictions/{restriction_id}": Line(who="platform art16*", at=restriction),
            "GET /v1/restrictions/{restriction_id}/notice": Line(who="platform art16*", at=restriction),
            "POST /v1/department-records": Line(who="art11*", json=record),
            "GET /v1/department-records": Line(who="platform art11*", shows=self.record),
            "GET /v1/department-records/{record_id}": Line(who="platform art11*", at={"record_id": self.record}),
            "POST /v1/department-records/{record_id}/withdrawal": Line(
                who="hrss*", at={"record_id": self.record}, json=reason
            ),
            "GET /v1/department-record-sheets/form": Line(who="art11*"),
            "POST /v1/department-record-sheets": Line(who="art11*", content=b"x"),
            "POST /v1/restrictions/{restriction_id}/withdrawal": Line(who="hrss!", at=restriction, json=reason),
            "GET /v1/workers/me": Line(who="worker"),
            "PUT /v1/workers/me/phone": Line(who="worker", json={"phone": "13800000009"}),
            "GET /v1/workers/me/dossier": Line(who="worker", shows=seen),
            "GET /v1/workers/me/dossier/export": Line(who="worker", shows=seen),
            "GET /v1/workers/{worker_id}/dossier": Line(who="worker platform union art2", at=worker, shows=seen),
            "GET /v1/workers/{worker_id}/dossier/export": Line(who="worker platform union art2", at=worker, shows=seen),
            "GET /v1/enterprises/{uscc}/dossier": Line(who="platform union art2", at=own, shows=seen),
            "GET /v1/enterprises/{uscc}/dossier/export": Line(who="platform union art2", at=own, shows=seen),
            "GET /v1/enterprises/{uscc}/credit-record": Line(who="everybody", at=own),
            "GET /v1/workers/{worker_id}": Line(who="art11", at=worker),
            "PUT /v1/workers/{worker_id}/id-number": Line(
                who="hrss!", at=worker, json={"id_number": person(903), **reason}
            ),
            "PUT /v1/workers/{worker_id}/name": Line(who="hrss!", at=worker, json={"name": "试样乙", **reason}),
            "PUT /v1/workers/{worker_id}/phone": Line(who="hrss!", at=worker, json={"phone": "13800000003", **reason}),
            "GET /v1/audit": Line(who="hrss!"),
            "GET /v1/engagements/summary": Line(who="platform art2", shows=HERE),
            "GET /v1/engagements/export": Line(who="platform art2", shows=self.engagement),
            "GET /v1/engagements": Line(who="platform art2", shows=self.engagement),
            "GET /v1/engagements/{engagement_id}": Line(who="worker platform union art2", at=engagement),
            "POST /v1/engagements/{engagement_id}/footing-contests": Line(
                who="worker platform union art2",
                at=engagement,
                json={"claimed": "employment", "since": "2026-09-02", "grounds": "受管理"},
            ),
            "GET /v1/engagements/{engagement_id}/footing-contests": Line(
                who="worker platform union art2", at=engagement
            ),
            "GET /v1/footing-contests": Line(who="art2", shows=self.contest),
            "GET /v1/footing-contests/{contest_id}": Line(who="worker platform union art2", at=contest),
            "PUT /v1/footing-contests/{contest_id}/decision": Line(
                who="hrss", at=contest, json={"outcome": "upheld", "reasons": "维持"}
            ),
            "PUT /v1/footing-contests/{contest_id}/withdrawal": Line(who="worker", at=contest),
            "POST /v1/engagements/{engagement_id}/end-withdrawals": Line(who="hrss", at=engagement, json=reason),
            "GET /v1/engagements/{engagement_id}/agreements": Line(who="worker platform union art2", at=engagement),
            "POST /v1/engagements/{engagement_id}/agreements": Line(
                who="platform hrss",
                at=engagement,
                json={"kind": "contract", "number": "C-1", "signed_on": day},
            ),
            "GET /v1/engagements/{engagement_id}/contract-terms": Line(who="worker platform union art2", at=engagement),
            "GET /v1/agreement-models": Line(who="public"),
            "GET /v1/agreement-models/{code}/{version}": Line(
                who="public", at={"code": "agreement_courier", "version": "1"}
            ),
            "GET /v1/agreement-models/{code}/{version}/changes": Line(
                who="public", at={"code": "labour_contract", "version": "2"}
            ),
            "GET /v1/workers/me/employment": Line(who="worker"),
            "GET /v1/workers/{worker_id}/employment": Line(who="art12", at=worker),
            "POST /v1/workers/me/employment/works": Line(who="worker", json={"district": HERE, "starts_on": day}),
            "POST /v1/workers/me/employment/works/{work_id}/end": Line(
                who="worker", at={"work_id": "w"}, json={"ends_on": day}
            ),
            "GET /v1/workers/me/employment-certificate": Line(who="worker"),
            "GET /v1/employment-certificates/verification": Line(
                who="public", query={"number": "1", "name": "试样", "stands": "employed"}
            ),
            "GET /v1/workers/me/unemployment": Line(who="worker"),
            "POST /v1/workers/me/unemployment": Line(
                who="worker",
                json={"district": HERE, "cause": "other", "unemployed_since": day, "seeks_work": True},
            ),
            "POST /v1/workers/me/unemployment/end": Line(who="worker", json={"ending": "own_wish"}),
            "POST /v1/workers/me/unemployment/contact": Line(who="worker", json={"seeks_work": True}),
            "GET /v1/workers/{worker_id}/unemployment": Line(who="art12", at=worker),
            "POST /v1/workers/{worker_id}/unemployment/end": Line(who="hrss", at=worker, json={"ending": "other"}),
            "POST /v1/workers/{worker_id}/unemployment/contact": Line(who="hrss", at=worker, json={}),
            "GET /v1/engagements/{engagement_id}/safety": Line(who="worker platform union art7", at=engagement),
            "GET /v1/safety-courses": Line(who="everybody", query={"industry": "courier"}),
            "GET /v1/reported-courses": Line(who="platform art7*", shows=self.course),
            "GET /v1/reported-courses/{course_id}": Line(who="platform art7*", at={"course_id": self.course}),
            "POST /v1/reported-courses/{course_id}/decision": Line(
                who="art7!", at={"course_id": self.course}, json={"opens": ["courier"], **reason}
            ),
            "POST /v1/unions": Line(who="hrss union_office", json=founded),
            "PUT /v1/unions/{union_id}/scope": Line(who="hrss union_office", at=union, json=scope),
            "PUT /v1/unions/{union_id}/officers": Line(
                who="union hrss union_office", at=union, json={"officers": [UNION]}
            ),
            "GET /v1/unions": Line(who="everybody"),
            "GET /v1/unions/{union_id}": Line(who="everybody", at=union),
            "POST /v1/memberships": Line(who="workers", json=union),
            "POST /v1/unions/{union_id}/members": Line(who="union", at=union, json=worker),
            "POST /v1/unions/{union_id}/member-claims": Line(who="platform", at=union, json=worker),
            "PUT /v1/memberships/{membership_id}/sharing": Line(
                who="worker", at=membership, json={"sections": ["pay"]}
            ),
            "POST /v1/memberships/{membership_id}/acceptance": Line(who="union", at=membership, json={}),
            "POST /v1/memberships/{membership_id}/refusal": Line(who="union", at=membership, json=reason),
            "POST /v1/memberships/{membership_id}/withdrawal": Line(who="worker union", at=membership),
            "POST /v1/memberships/{membership_id}/confirmation": Line(who="worker", at=membership),
            "POST /v1/memberships/{membership_id}/declining": Line(who="worker", at=membership),
            "POST /v1/memberships/{membership_id}/leaving": Line(who="worker union", at=membership, json={}),
            "GET /v1/memberships": Line(who="worker union", query=union, shows=self.membership),
            "GET /v1/memberships/{membership_id}": Line(who="worker union", at=membership),
            "POST /v1/stations": Line(who="union", json=self.place()),
            "PUT /v1/stations/{station_id}": Line(who="union", at=station, json=self.place()),
            "POST /v1/stations/{station_id}/closure": Line(who="union", at=station, json=reason),
            "GET /v1/stations/near": Line(who="everybody", query={"longitude": "104.4", "latitude": "31.1"}),
            "GET /v1/stations": Line(who="everybody"),
            "GET /v1/stations/{station_id}": Line(who="everybody", at=station),
            "GET /v1/consultation-subjects": Line(who="everybody"),
            "POST /v1/consultations": Line(who="union hrss union_office", json=self.demand()),
            "GET /v1/consultations": Line(who="union platform art10", shows=self.consultation),
            "GET /v1/consultations/{consultation_id}": Line(who="union platform art10", at=talks),
            "POST /v1/consultations/{consultation_id}/answers": Line(
                who="platform", at=talks, json={"takes_part": True, "text": "同意"}
            ),
            "POST /v1/consultations/{consultation_id}/notes": Line(
                who="union platform hrss union_office", at=talks, json={"text": "提议"}
            ),
            "POST /v1/consultations/{consultation_id}/closing": Line(
                who="union hrss union_office", at=talks, json={"outcome": "failed", "summary": "破裂"}
            ),
            "POST /v1/collective-contracts": Line(who="union", json=self.text() | talks),
            "PUT /v1/collective-contracts/{contract_id}": Line(who="union", at=contract, json=self.text()),
            "POST /v1/collective-contracts/{contract_id}/votes": Line(who="union", at=contract, json=self.vote()),
            "POST /v1/collective-contracts/{contract_id}/filing": Line(who="platform hrss", at=contract, json={}),
            "POST /v1/collective-contracts/{contract_id}/objection": Line(who="hrss", at=contract, json=reason),
            "POST /v1/collective-contracts/{contract_id}/amendments": Line(who="hrss", at=contract, json=amended),
            "POST /v1/collective-contracts/{contract_id}/ending": Line(
                who="hrss", at=contract, json={"ends_on": day, **reason}
            ),
            "GET /v1/collective-contracts": Line(who="union platform art10", shows=self.contract),
            "GET /v1/collective-contracts/{contract_id}": Line(who="union platform art10", at=contract),
            "GET /v1/statistics": Line(who="art16!"),
            # what changes the worker comes last
            "GET /v1/workers/me/erasure-requests": Line(who="worker"),
            "POST /v1/workers/me/erasure-requests": Line(who="worker"),
            "DELETE /v1/workers/me/erasure-requests": Line(who="worker"),
            "POST /v1/workers/{worker_id}/mergers": Line(
                who="hrss!", at=worker, json={"merged_worker_id": self.second, **reason}
            ),
        }


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seeds(registry: Harness) -> Seeds:
    laid = Seeds(registry)
    await laid.lay()
    return laid


async def test_every_route_has_its_line_and_every_line_its_route(seeds: Seeds, registry: Harness) -> None:
    assert set(seeds.table()) == routes(registry)


async def test_nobody_gets_through_but_whom_the_table_names(seeds: Seeds, registry: Harness) -> None:
    assert await misjudged(registry, seeds.table(), seeds.worker) == []


async def test_a_new_secret_and_a_reading_are_written_down(seeds: Seeds, registry: Harness) -> None:
    officer = bearer("officer", department="hrss", district=CITY)
    assert (await registry.http.put(f"/v1/platforms/{OTHER}/signing-secret", headers=officer)).status_code == 200
    for who in (officer, bearer("union", sub=UNION), bearer("platform", uscc=OWN)):
        assert (await registry.http.get(f"/v1/enterprises/{OWN}/dossier", headers=who)).status_code == 200
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await registry.http.get("/v1/audit", params={"limit": "500", **cursor}, headers=officer)).json()
        found += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [one["by"] for one in found if one["action"] == "platform.signing_secret_set" and one["about"] == OTHER] == [
        "officer:hrss-510600"
    ]
    readers = [one["role"] for one in found if (one["action"], one["about"]) == ("enterprise.dossier_read", OWN)]
    assert readers[-2:] == ["officer", "union"]
