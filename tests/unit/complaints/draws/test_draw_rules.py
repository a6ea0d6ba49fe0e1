"""The draw as its ten steps say it, whatever the lists."""

from __future__ import annotations

import argparse
import io
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.draws import rules
from services.complaints.draws.rules import Arithmetic, Drawn, Inspector, LeftOut, Lists
from services.complaints.draws.verification import Published, first_difference, run

WEIGHTS = {"leads": 1, "violations": 3, "listed": 5}
STRATA = [("high", 5, 60), ("medium", 1, 30), ("low", 0, 10)]
SECRET, BEACON = "5e" * 32, "03 08 14 21 27 33 + 09"
SALT = "0a" * 16


def lists_of(counts: list[int], inspectors: int, away: dict[int, list[int]]) -> tuple[Lists, list[Arithmetic]]:
    found = [rules.arithmetic_of(f"E{number:03}", {"leads": n}, WEIGHTS, SALT) for number, n in enumerate(counts)]
    people = [
        Inspector(id=f"i{number:02}", stays_away_from=[f"E{one:03}" for one in away.get(number, [])])
        for number in range(inspectors)
    ]
    gone = [LeftOut(id="X001", reason="ended")]
    return rules.make_lists("c-1", found, gone, people, per_enterprise=2, weights=WEIGHTS, strata=STRATA), found


@st.composite
def some_lists(make: st.DrawFn) -> tuple[Lists, list[Arithmetic]]:
    counts = make(st.lists(st.integers(0, 9), min_size=1, max_size=60))
    inspectors = make(st.integers(4, 12))
    enterprises = st.lists(st.integers(0, len(counts) - 1), max_size=5)
    # two of them have no interest anywhere, so that every enterprise has its team
    away = make(st.dictionaries(st.integers(2, inspectors - 1), enterprises, max_size=inspectors - 2))
    return lists_of(counts, inspectors, away)


def published(lists: Lists, arithmetic: list[Arithmetic] | None = None) -> Published:
    digest = rules.digest_of(lists)
    return Published(
        method=rules.METHOD,
        lists=lists,
        lists_digest=digest,
        commitment=rules.commitment_of(SECRET),
        source="双色球 2026137 期",
        known_from="2026-12-01T14:00:00Z",
        beacon=BEACON,
        secret=SECRET,
        result=rules.draw(lists, rules.seed_of(digest, SECRET, BEACON)),
        arithmetic=arithmetic,
    )


@given(some_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing(made: tuple[Lists, object], shuffle: random.Random) -> None:
    lists = made[0]
    mixed = msgspec.convert(msgspec.to_builtins(lists), Lists)
    shuffle.shuffle(mixed.enterprises)
    shuffle.shuffle(mixed.inspectors)
    for one in mixed.inspectors:
        shuffle.shuffle(one.stays_away_from)
    assert rules.digest_of(mixed) == rules.digest_of(lists)
    assert published(rules.in_order(mixed)).result == published(lists).result


@given(some_lists())
def test_each_stratum_gives_exactly_its_share(made: tuple[Lists, object]) -> None:
    lists = made[0]
    result = published(lists).result or []
    drawn = Counter(one.stratum for one in result)
    assert {stratum.name: drawn[stratum.name] for stratum in lists.strata} == {
        stratum.name: -(-stratum.count * stratum.percent // 100) for stratum in lists.strata
    }
    assert len({one.enterprise for one in result}) == len(result)


@given(some_lists())
def test_nobody_goes_where_they_have_an_interest(made: tuple[Lists, object]) -> None:
    lists = made[0]
    away = {one.id: set(one.stays_away_from) for one in lists.inspectors}
    for one in published(lists).result or []:
        assert len(set(one.inspectors)) == 2
        assert not [inspector for inspector in one.inspectors if one.enterprise in away[inspector]]


@given(some_lists())
def test_work_is_spread_where_nobody_stays_away(made: tuple[Lists, object]) -> None:
    people = [Inspector(id=one.id, stays_away_from=[]) for one in made[0].inspectors]
    result = published(msgspec.structs.replace(made[0], inspectors=people)).result or []
    times = Counter(inspector for one in result for inspector in one.inspectors)
    assert max(times.values()) - min(times[one.id] for one in people) <= 1


@given(some_lists(), st.data())
def test_every_change_of_the_lists_is_seen(made: tuple[Lists, list[Arithmetic]], data: st.DataObject) -> None:
    lists = made[0]
    honest = published(lists, made[1])
    assert first_difference(honest) is None
    victim = data.draw(st.sampled_from(lists.enterprises))
    rest = [one for one in lists.enterprises if one.id != victim.id]
    others = {"high": "low", "medium": "high", "low": "medium"}
    moved = msgspec.structs.replace(victim, stratum=others[victim.stratum])
    gone = msgspec.structs.replace(lists, enterprises=rest)
    shifted = msgspec.structs.replace(lists, enterprises=[*rest, moved])
    for changed in (gone, shifted):
        assert first_difference(msgspec.structs.replace(honest, lists=changed)) is not None
        # whoever makes the digest fit again is caught by what was announced
        fitted = msgspec.structs.replace(honest, lists=changed, lists_digest=rules.digest_of(changed))
        assert "lists_digest: announced" in str(first_difference(fitted, honest))


def test_a_result_that_was_helped_along_is_seen() -> None:
    lists, _ = lists_of([7, 6, 5, 2, 1, 1, 0, 0, 0, 0], 5, {4: [0, 1]})
    honest = published(lists)
    result = honest.result or []
    drawn = {one.enterprise for one in result}
    spared = next(one for one in lists.enterprises if one.id not in drawn)
    other = Drawn(enterprise=spared.id, stratum=result[0].stratum, ticket=result[0].ticket, inspectors=["i00", "i01"])
    helped = msgspec.structs.replace(honest, result=[other, *result[1:]])
    assert str(first_difference(helped)).startswith("result 1, enterprise:")
    fewer = msgspec.structs.replace(honest, result=result[:-1])
    assert first_difference(fewer) == f"result: {len(result)} are drawn, published {len(result) - 1}"
    another = msgspec.structs.replace(honest, secret="00" * 32)
    assert str(first_difference(another)).startswith("commitment:")
    beacon = msgspec.structs.replace(honest, beacon="01 02 03")
    assert str(first_difference(beacon)).startswith("result 1")


def test_a_stratum_that_its_arithmetic_does_not_give_is_seen() -> None:
    lists, arithmetic = lists_of([7, 0], 4, {})
    assert [one.stratum for one in lists.enterprises] == ["high", "low"]
    milder = msgspec.structs.replace(arithmetic[0], counts={"leads": 1}, points=1)
    assert "basis" in str(first_difference(published(lists, [milder, arithmetic[1]])))
    assert first_difference(published(lists, arithmetic)) is None


def test_an_enterprise_in_no_stratum_is_seen() -> None:
    """Whoever is put there could never be drawn."""
    lists, _ = lists_of([7, 6, 1, 0], 4, {})
    spared = msgspec.structs.replace(lists.enterprises[0], stratum="friends")
    parts = [msgspec.structs.replace(lists.strata[0], count=1, take=1), *lists.strata[1:]]
    bent = msgspec.structs.replace(lists, enterprises=[spared, *lists.enterprises[1:]], strata=parts)
    assert str(first_difference(published(bent))).startswith("stratum 'friends':")


def test_a_result_without_its_secret_is_no_result() -> None:
    lists, _ = lists_of([7, 1, 0], 4, {})
    closed = msgspec.structs.replace(published(lists), secret=None)
    assert str(first_difference(closed)).startswith("result:")
    assert str(first_difference(msgspec.structs.replace(closed, beacon=None))).startswith("result:")


@pytest.mark.parametrize("change", [{"per_enterprise": 0}, {"per_enterprise": -1}, {"strata": "turned"}])
def test_lists_that_bend_the_steps_are_seen(change: dict[str, Any]) -> None:
    lists, _ = lists_of([7, 1, 0], 4, {})
    if "strata" in change:
        change = {"strata": lists.strata[::-1]}
    assert first_difference(published(msgspec.structs.replace(lists, **change))) is not None


@pytest.mark.parametrize("salt", ["zz", "0"])
def test_a_salt_that_is_no_hex_is_a_difference(salt: str) -> None:
    lists, arithmetic = lists_of([7, 1, 0], 4, {})
    bad = [msgspec.structs.replace(arithmetic[0], salt=salt)]
    assert "salt" in str(first_difference(published(lists, bad)))


def test_names_forge_no_lines_of_the_report() -> None:
    lists, _ = lists_of([7, 1, 0], 4, {})
    forged = msgspec.structs.replace(lists.enterprises[0], id="E000\nthe same: 3 of 3 enterprises\x1b[8m")
    twice = msgspec.structs.replace(lists, enterprises=[*lists.enterprises, forged, forged])
    said = str(first_difference(published(twice)))
    assert said.isprintable(), said


@pytest.mark.parametrize("hostile", ['{"x":' + "[" * 200_000 + "]" * 200_000 + "}", '"\\ud800"', "{}", "", "\x00"])
async def test_hostile_json_is_told_and_crashes_nothing(
    hostile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "draw.json").write_text(hostile)
    arguments = argparse.Namespace(verify=str(tmp_path / "draw.json"), announced=None)
    assert await run(arguments) == 2
    assert capsys.readouterr().out.startswith("cannot be read")


async def test_a_terminal_without_chinese_is_told_the_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [rules.arithmetic_of("E1", {"lead": 1}, {"lead": 1}, "aa")]
    lists = rules.make_lists(
        "c",
        found,
        [],
        [rules.Inspector(id="I1", stays_away_from=[])],
        per_enterprise=1,
        weights={},
        strata=[("高风险", 0, 100)],
    )
    wrong = msgspec.structs.replace(lists, strata=[msgspec.structs.replace(lists.strata[0], take=0)])
    published = Published(
        method=rules.METHOD, lists=wrong, lists_digest=rules.digest_of(wrong), commitment="", source="双色球",
        known_from="2026-12-01", beacon=None, secret=None, result=None,
    )  # fmt: skip
    (tmp_path / "draw.json").write_bytes(msgspec.json.encode(published))
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    verified = await run(argparse.Namespace(verify=str(tmp_path / "draw.json"), announced=None))
    terminal.seek(0)
    assert (verified, terminal.read()[:20]) == (1, "DIFFERENT  stratum '")


def test_an_enterprise_with_too_few_inspectors_is_named() -> None:
    lists, _ = lists_of([1, 1], 2, {1: [0]})
    assert rules.understaffed(lists) == ["E000"]


def test_the_draw_is_the_one_that_the_steps_give_by_hand() -> None:
    """The steps once more, in the plainest Python, so that the method cannot change unseen."""
    import hashlib
    import hmac

    lists, _ = lists_of([7, 1, 0], 3, {})
    digest = hashlib.sha256(
        b'{"campaign":"c-1","enterprises":['
        + b",".join(
            b'{"basis":"%s","id":"E%03d","stratum":"%s"}'
            % (
                hmac.new(bytes.fromhex(SALT), b'{"leads":%d}' % n, hashlib.sha256).hexdigest().encode(),
                number,
                stratum,
            )
            for number, (n, stratum) in enumerate([(7, b"high"), (1, b"medium"), (0, b"low")])
        )
        + b'],"inspectors":[{"id":"i00","stays_away_from":[]},{"id":"i01","stays_away_from":[]},'
        + b'{"id":"i02","stays_away_from":[]}],"left_out":[{"id":"X001","reason":"ended"}],"per_enterprise":2,"strata":['
        + b'{"count":1,"from_points":5,"name":"high","percent":60,"take":1},'
        + b'{"count":1,"from_points":1,"name":"medium","percent":30,"take":1},'
        + b'{"count":1,"from_points":0,"name":"low","percent":10,"take":1}],'
        + b'"weights":{"leads":1,"listed":5,"violations":3}}'
    ).hexdigest()
    assert rules.digest_of(lists) == digest
    seed = hashlib.sha256(f"xindun-draw-1\n{digest}\n{SECRET}\n{BEACON}".encode()).digest()
    tickets = {f"E00{n}": hmac.new(seed, f"enterprise\nE00{n}".encode(), hashlib.sha256).hexdigest() for n in range(3)}
    assert [one.enterprise for one in rules.draw(lists, seed)] == sorted(tickets, key=lambda one: tickets[one])
