"""`make conformance`: whether a platform's events are what the gateway takes.

EVENTS=FILE checks events, one CloudEvent a line, with the gateway's own rules and no server. URL=... pushes a well-made event
of each type and a set of ill-made ones to a gateway, and holds its answers against the same rules; both together push the
file. Ends with 0 where all is right, 1 where something is wrong, 2 where it could not be found out.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.kit.checking import Finding, Line, check, likely_source, lines_of, refusal
from deploy.kit.clients.python.push import Busy, Tokens, Undelivered, batches, push
from deploy.kit.sets import ill_made, well_made
from services.registry.gateway.rules import moment_of
from shared import clock
from shared.contracts.platform import NATURAL_KEY, platform_of, platform_source
from shared.identity import uscc

TYPES = [fact.TYPE for fact in NATURAL_KEY]
LINES_SHOWN = 5

Token = Callable[[bool], str]


class NotPossible(Exception):
    """It cannot be found out; the text says what is missing."""


def main(given: Mapping[str, str], console: Console) -> int:
    """Do what the variables ask for, and give the exit status."""
    url, file = given.get("URL"), given.get("EVENTS")
    try:
        if url and file:
            return _own_at_the_door(url, _read(file), given, console)
        if url:
            return _sets_at_the_door(url, given, console)
        if file:
            return _offline(_read(file), given.get("PLATFORM"), console)
        raise NotPossible(
            "EVENTS=FILE checks a file; URL=... with TOKEN or TOKEN_URL, CLIENT_ID, CLIENT_SECRET asks a gateway"
        )
    except (NotPossible, Busy, Undelivered, OSError) as error:
        console.print(f"无法检查 cannot be checked: {error}", markup=False, style="red")
        return 2


def _read(file: str) -> list[Line]:
    lines = lines_of(Path(file).read_bytes().splitlines())
    if not lines:
        raise NotPossible(f"{file} holds no event")
    return lines


def _offline(lines: Sequence[Line], platform: str | None, console: Console) -> int:
    source = platform_source(platform) if platform else likely_source(lines)
    _check_platform(platform_of(source))
    findings = list(check(lines, source, moment_of(clock.now())))
    return _show(lines, findings, source, console)


def _check_platform(code: str) -> None:
    try:
        holds = uscc.parse(code) == code
    except uscc.InvalidUscc:
        holds = False
    if not holds:
        raise NotPossible(
            "source is /platforms/<unified social credit code> 统一社会信用代码; name yours by PLATFORM=..."
        )


def _own_at_the_door(url: str, lines: Sequence[Line], given: Mapping[str, str], console: Console) -> int:
    token, findings, done = _token(given), list[Finding](), 0
    for batch in batches([line.raw for line in lines]):
        for one in push(url, batch, token, given.get("SIGNING_SECRET"))["rejected"]:
            zh, _, en = one["detail"].partition(" / ")
            findings.append(Finding(lines[done + one["index"]], zh, en))
        done += len(batch)
    return _show(lines, findings, url, console)


def _sets_at_the_door(url: str, given: Mapping[str, str], console: Console) -> int:
    token = _token(given)
    platform = given.get("PLATFORM") or _platform_in(token(False))
    _check_platform(platform)
    source, now = platform_source(platform), clock.now()
    tried = [("well-made", event) for event in well_made(platform)] + ill_made(platform, now)
    raws = [json.dumps(event, ensure_ascii=False).encode() for _, event in tried]
    told = {one["index"]: one["detail"] for one in push(url, raws, token, given.get("SIGNING_SECRET"))["rejected"]}
    table = Table("", "事件类型 type", "试了什么 tried", "应答 answer", title=f"网关 gateway {url}")
    wrong = 0
    for index, (caption, event) in enumerate(tried):
        reason = refusal(raws[index], source, moment_of(now))
        expected, answer = " / ".join(reason) if reason else None, told.get(index)
        said = answer or "受理 accepted"
        if expected != answer:
            said += f"，应为 expected: {expected or '受理 accepted'}"
            wrong += 1
        table.add_row(_mark(expected == answer), *map(Text, (str(event["type"]), caption, said)))
    console.print(table)
    return _verdict(wrong, len(tried), console)


def _token(given: Mapping[str, str]) -> Token:
    if token := given.get("TOKEN"):
        return lambda _: token
    try:
        return Tokens(given["TOKEN_URL"], given["CLIENT_ID"], given["CLIENT_SECRET"])
    except KeyError as missing:
        raise NotPossible(f"a token is needed: TOKEN, or TOKEN_URL, CLIENT_ID and CLIENT_SECRET ({missing})") from None


def _platform_in(token: str) -> str:
    """The credit code that a token names; the gateway checks it, this only reads it."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["uscc"])
    except (IndexError, KeyError, TypeError, ValueError):
        raise NotPossible("the token does not say whose it is (uscc); name the platform by PLATFORM=...") from None


def _show(lines: Sequence[Line], findings: Sequence[Finding], where: str, console: Console) -> int:
    """The table of what is wrong, by type and reason."""
    columns = ("", "事件类型 type", "事件数 events", "问题", "what is wrong", "次数 times", "行 lines")
    table = Table(*columns, title=f"事件检查 events · {where}")
    counted = Counter(line.type for line in lines)
    named: dict[Any, list[Finding]] = {}
    for finding in findings:
        named.setdefault((finding.line.type, finding.zh, finding.en), []).append(finding)
    for kind in (*TYPES, *(kind for kind in counted if kind not in TYPES)):
        events = str(counted[kind])
        rows = [(key, found) for key, found in named.items() if key[0] == kind]
        for (_, zh, en), found in rows:
            numbers = _numbers(finding.line.number for finding in found)
            table.add_row(_mark(False), *map(Text, (kind or "?", events, zh, en, str(len(found)), numbers)))
        if not rows:
            table.add_row(_mark(True) if counted[kind] else Text("–"), *map(Text, (kind or "?", events)))
    console.print(table)
    return _verdict(len(findings), len(lines), console)


def _numbers(numbers: Iterable[int]) -> str:
    first, *rest = sorted(numbers)
    shown = ", ".join(map(str, [first, *rest[: LINES_SHOWN - 1]]))
    return shown + (", …" if len(rest) >= LINES_SHOWN else "")


def _verdict(wrong: int, of: int, console: Console) -> int:
    if wrong:
        console.print(f"{of} 个事件中 {wrong} 个不符合 · {wrong} of {of} events are not right", style="bold red")
    else:
        console.print(f"{of} 个事件全部符合 · all {of} events are right", style="bold green")
    return 1 if wrong else 0


def _mark(right: bool) -> Text:
    return Text("✓", "green") if right else Text("✗", "red")


if __name__ == "__main__":
    sys.exit(main(os.environ, Console(width=None if sys.stdout.isatty() else 240)))
