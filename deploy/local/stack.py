"""The stack on one machine: which programs, on which ports, with which environment.

Ports are moved by variables such as REGISTRY_PORT, KAFKA_PORT and MONGO_PORT. Where KAFKA_BOOTSTRAP or MONGO_URI is
set, the servers that they name are used and none is started. BROKER=apache starts Apache Kafka in place of the embedded
broker, DATABASE says which of two databases is started.
"""

import asyncio
import json
import os
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import httpx2

from deploy.local import child, keys, ports
from deploy.local.broker import broker_answers, broker_command, broker_kind
from deploy.local.database import database_answers, database_command, database_uri
from deploy.local.engines import engines
from deploy.local.supervisor import Program
from deploy.sandbox.messages import load_templates, numbered

SERVICES = {"registry": 8001, "insurance": 8002, "complaints": 8003, "subsidies": 8004, "notifier": 8005}
ISSUER = {"issuer": 8100}
SANDBOXES = {"provincial": 8101, "sms": 8102, "push": 8103, "mailbox": 8104}
SMTP = {"mailbox_smtp": 8125}
"""The second port of the mailbox."""
BROKER = {"kafka": 19092}
DATABASE = {"mongo": 27117}
AUDIENCE = "xindun"
NOTICES = child.PROJECT / "services" / "notifier" / "notices"
MAIL_USER, MAIL_FROM = "xindun", "xindun@example.com"
SERVERS_FIRST, OUTSIDE_NEXT, SERVICES_LAST = 0, 1, 2
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""An empty context, since loading the usual one takes 25 ms at every look at a program on loopback."""
GIVE_BACK = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Has the C library share its memory among threads, and give back what a burst needed: many programs stand on one machine here."""
DATABASE_GIVES_BACK = {
    **GIVE_BACK,
    "MALLOC_ARENA_MAX": "1",
    "MIMALLOC_PURGE_DELAY": "100",
    "MIMALLOC_PAGE_FULL_RETAIN": "0",
    "MIMALLOC_ALLOW_THP": "0",
}
"""The same for the native database, whose storage engine takes from the C library, and all else from mimalloc (in ms)."""
COMMAND_SECONDS = 900.0
"""How long an operator's command may take."""

Programs = Callable[[str, str, int, int, Mapping[str, str]], list[Program]]
"""Makes what runs a module: of its name, the module, the port of its HTTP API, its stage and its settings."""


@dataclass(frozen=True)
class Stack:
    """A stack's programs and what its callers need: base addresses by name, and the issuer's client secret."""

    directory: Path
    programs: list[Program]
    urls: dict[str, str]
    client_secret: str
    mongo_uri: str
    smtp_port: int
    forgot: bool
    """Whether the broker starts empty although the directory holds data from before: it must be told again."""

    def ports(self) -> dict[str, int]:
        """The port of every program, and the second one of the mailbox."""
        return {program.name: program.port for program in self.programs} | dict.fromkeys(SMTP, self.smtp_port)

    async def engines(self) -> dict[str, str]:
        """Which database and broker this stack runs on, in words."""
        return await engines(self.mongo_uri)

    async def replay(self) -> None:
        """Have every service publish again what it has kept, into a broker that forgot it.

        Raises:
            StartError: a service's replay failed; the text names its log.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for program in self.programs:
                    if program.name in SERVICES:
                        group.create_task(self._replay(program))
        except BaseExceptionGroup as failures:
            raise child.first_of(failures) from None

    async def _replay(self, program: Program) -> None:
        await operate(program, self.directory, "replay", "--all")


async def operate(program: Program, directory: Path, name: str, *arguments: str) -> None:
    """Run an operator's command of a service, with the environment of its program.

    Raises:
        StartError: it failed; the text names its log.
    """
    log = directory / "logs" / f"{program.name}.{name}.log"
    command = [sys.executable, "-m", f"services.{program.name}", name, *arguments]
    process = await child.start(command, log, env={**os.environ, **program.environment}, directory=child.PROJECT)
    try:
        status = await asyncio.wait_for(process.wait(), COMMAND_SECONDS)
    except TimeoutError:
        raise child.StartError(f"{program.name}: {name} took over {COMMAND_SECONDS:.0f} s; see {log}") from None
    finally:
        await child.stop(process)
    if status != 0:
        raise child.StartError(f"{program.name}: {name} ended with status {status}; see {log}")


def one_process(name: str, module: str, port: int, stage: int, settings: Mapping[str, str]) -> list[Program]:
    """A module as one process of this Python."""
    return [python_program(name, module, port, stage, settings)]


def make_stack(directory: Path, settling_seconds: float = 120.0, run_by: Programs = one_process) -> Stack:
    """The stack with its data under `directory`, as the environment asks for it. Makes its keys on first use.

    `settling_seconds`: how long the notifier holds messages that a later event may take back. `run_by` makes the programs of
    the services, the issuer and the sandboxes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    at = {
        name: int(os.environ.get(ports.variable(name), default))
        for name, default in {**SERVICES, **ISSUER, **SANDBOXES, **SMTP, **BROKER, **DATABASE}.items()
    }
    urls = {name: f"http://127.0.0.1:{at[name]}" for name in (*SERVICES, *ISSUER, *SANDBOXES)}
    uri, bootstrap = os.environ.get("MONGO_URI"), os.environ.get("KAFKA_BOOTSTRAP")
    kind, data, logs = broker_kind(), directory / "mongo", directory / "kafka"
    forgetful = bootstrap is None and kind == "embedded"
    programs = []
    if uri is None:
        uri = database_uri(at["mongo"])
        programs.append(_database(data, at["mongo"]))
    if bootstrap is None:
        bootstrap = f"127.0.0.1:{at['kafka']}"
        programs.append(_broker(logs, at["kafka"], forgetful))
    client_secret = keys.client_secret(directory)
    common = {
        "MONGO_URI": uri,
        "KAFKA_BOOTSTRAP": bootstrap,
        "KAFKA_IDEMPOTENT": os.environ.get("KAFKA_IDEMPOTENT", "false" if forgetful else "true"),
        "KAFKA_SESSION_SECONDS": os.environ.get("KAFKA_SESSION_SECONDS", "4" if forgetful else "10"),
        "KAFKA_MOST_PARTITIONS": os.environ.get("KAFKA_MOST_PARTITIONS", "1" if forgetful else ""),
        "KAFKA_REST_SECONDS": os.environ.get("KAFKA_REST_SECONDS", "0.5" if forgetful else "0"),
        "OIDC_ISSUER": urls["issuer"],
        "OIDC_JWKS_URL": f"{urls['issuer']}/.well-known/jwks.json",
        "OIDC_AUDIENCE": AUDIENCE,
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "info"),
    }
    issuer = common | {"LOCAL_CLIENT_SECRET": client_secret, "ISSUER_KEYS": str(directory / "keys" / "issuer.json")}
    shared = keys.shared_secrets(directory)
    tencent = _tencent_account(directory, shared)
    sandboxes = _sandbox_settings(shared, tencent, urls["notifier"], at["mailbox_smtp"])
    services = _service_settings(directory, shared, tencent, urls, at["mailbox_smtp"])
    services["notifier"]["SETTLING_SECONDS"] = str(settling_seconds)
    services["notifier"]["QUIET_HOURS"] = "off"
    services["notifier"]["WEBHOOK_ALLOW_HOSTS"] = "127.0.0.1,localhost"
    had_data = os.environ.get("MONGO_URI") is not None or data.exists()
    programs += run_by("issuer", "deploy.local.issuer", at["issuer"], OUTSIDE_NEXT, issuer)
    for name in SANDBOXES:
        programs += run_by(name, f"deploy.sandbox.{name}", at[name], OUTSIDE_NEXT, sandboxes[name])
    for name in SERVICES:
        own = run_by(name, f"services.{name}", at[name], SERVICES_LAST, common | services[name])
        programs += [_migrated(one, directory) if had_data and one.name == name else one for one in own]
    urls |= {program.name: f"http://127.0.0.1:{program.port}" for program in programs if program.stage == SERVICES_LAST}
    return Stack(directory, programs, urls, client_secret, uri, at["mailbox_smtp"], forgot=forgetful and had_data)


def _tencent_account(directory: Path, shared: Mapping[str, str]) -> dict[str, str]:
    """What the notifier and the second SMS provider's stand-in have in common, with the numbers of the templates there."""
    numbers = directory / "tencent-templates.yaml"
    numbers.write_text(numbered(load_templates(NOTICES) or ()))
    secrets = _pick(shared, "TENCENT_SMS_SECRET_ID", "TENCENT_SMS_SECRET_KEY", "TENCENT_SMS_RECEIPT_TOKEN")
    return secrets | {"TENCENT_SMS_APP_ID": "1400000001", "TENCENT_SMS_TEMPLATES": str(numbers.absolute())}


def _sandbox_settings(
    shared: Mapping[str, str], tencent: Mapping[str, str], notifier: str, smtp_port: int
) -> dict[str, dict[str, str]]:
    return {
        "provincial": _pick(shared, "PROVINCIAL_SECRET", "TRAINING_PLATFORM_SECRET", "TAX_OFFICE_SECRET"),
        "sms": _pick(shared, "SMS_ACCESS_KEY_ID", "SMS_ACCESS_KEY_SECRET", "RECEIPT_SECRET")
        | {
            "RECEIPT_URL": f"{notifier}/v1/sms-receipts",
            "SMS_TEMPLATES": str(NOTICES),
            "TENCENT_RECEIPT_URL": f"{notifier}/v1/sms-receipts/tencent",
        }
        | dict(tencent),
        "push": _pick(shared, "PUSH_SECRET", "RECEIPT_SECRET") | {"RECEIPT_URL": f"{notifier}/v1/push-receipts"},
        "mailbox": _pick(shared, "SMTP_PASSWORD") | {"SMTP_USER": MAIL_USER, "MAILBOX_SMTP_PORT": str(smtp_port)},
    }


def _service_settings(
    directory: Path, shared: Mapping[str, str], tencent: Mapping[str, str], urls: Mapping[str, str], smtp_port: int
) -> dict[str, dict[str, str]]:
    outside = {
        "insurance": _pick(shared, "PROVINCIAL_SECRET", "TAX_OFFICE_SECRET")
        | {"PROVINCIAL_URL": urls["provincial"], "TAX_OFFICE_URL": f"{urls['provincial']}/tax"},
        "subsidies": _pick(shared, "TRAINING_PLATFORM_SECRET")
        | {"TRAINING_PLATFORM_URL": f"{urls['provincial']}/training"},
        "notifier": _pick(shared, "SMS_ACCESS_KEY_ID", "SMS_ACCESS_KEY_SECRET", "PUSH_SECRET", "RECEIPT_SECRET")
        | {"SMS_URL": urls["sms"], "PUSH_URL": urls["push"], "TENCENT_SMS_URL": f"{urls['sms']}/tencent"}
        | dict(tencent)
        | _pick(shared, "SMTP_PASSWORD")
        | {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(smtp_port), "SMTP_TLS": "none"}
        | {"SMTP_USER": MAIL_USER, "SMTP_FROM": MAIL_FROM},
    }
    return {
        name: {"MONGO_DATABASE": name, "KEYS_FILE": str(rings)} | outside.get(name, {})
        for name, rings in keys.key_files(directory).items()
    }


def _pick(shared: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: shared[name] for name in names}


def python_program(name: str, module: str, port: int, stage: int, settings: Mapping[str, str]) -> Program:
    """A program that is `python -m module`, serves HTTP on `port`, and says at `/readyz` whether it is ready."""

    async def command() -> list[str]:
        return [sys.executable, "-m", module]

    environment = {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(port), "PYTHONUNBUFFERED": "1", **GIVE_BACK, **settings}
    return Program(name, port, stage, command, _readyz(port), environment)


def outside_together(programs: Sequence[Program]) -> list[Program]:
    """The same programs, with one process in place of the issuer and the sandboxes: ready when all of them are."""
    parts = {program.name: program for program in programs if program.name in (*ISSUER, *SANDBOXES)}

    async def command() -> list[str]:
        return [sys.executable, "-m", "deploy.local.outside"]

    async def answers() -> bool:
        return all(await asyncio.gather(*(part.answers() for part in parts.values())))

    told = json.dumps({name: dict(part.environment) for name, part in parts.items()})
    one = Program("outside", parts["issuer"].port, OUTSIDE_NEXT, command, answers, {**GIVE_BACK, "OUTSIDE": told})
    return [*(program for program in programs if program.name not in parts), one]


def _migrated(program: Program, directory: Path) -> Program:
    """The same service, its database brought to what this version needs first: no other version works on it here."""

    async def command() -> Sequence[str]:
        await operate(program, directory, "migrate", "--finish")
        return await program.command()

    return replace(program, command=command)


def _readyz(port: int) -> Callable[[], Awaitable[bool]]:
    async def answers() -> bool:
        try:
            async with httpx2.AsyncClient(timeout=2, verify=NO_TLS) as client:
                return (await client.get(f"http://127.0.0.1:{port}/readyz")).is_success
        except httpx2.HTTPError:
            return False

    return answers


def _database(data: Path, port: int) -> Program:
    async def command() -> list[str]:
        return database_command(data, port)

    answers = partial(database_answers, database_uri(port))
    return Program("mongo", port, SERVERS_FIRST, command, answers, DATABASE_GIVES_BACK)


def _broker(logs: Path, port: int, forgetful: bool) -> Program:
    async def command() -> list[str]:
        return await broker_command(broker_kind(), logs, port)

    # Apache Kafka's first start waits for its jars.
    return Program(
        "kafka", port, SERVERS_FIRST, command, lambda: broker_answers(f"127.0.0.1:{port}"), forgetful=forgetful
    )
