"""`python -m services.<name>`: run the service, or one of the operator's commands."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import gc
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn

from shared import backup, key_rotation, migrate, states
from shared.messaging import dead_letters, replay
from shared.messaging.broker import make_producer
from shared.service import Process, Service, create_service_topics
from shared.settings import Settings, from_environment
from shared.storage import client, inventory, keys
from shared.telemetry import logs, traces

STOP_SECONDS = 5


def main(service: Service) -> None:
    """Read the command line and do what it says; the exit status is not zero where that failed."""
    arguments = _parser(service).parse_args()
    if arguments.command == "states":
        print(states.described(service.name))
        return
    if arguments.command == "collections":
        kept = inventory.of_service(service.name) | inventory.of_chassis()
        lines = inventory.commands(arguments.shard, kept) if arguments.shard else inventory.table(kept)
        print("\n".join(lines))
        return
    own = {command.name: command for command in service.commands}.get(arguments.command)
    if own is not None and own.runs_alone(arguments):
        sys.exit(asyncio.run(own.done(arguments)))
    settings = from_environment(service.name)
    logs.set_up(service.name, settings.log_level)
    traces.set_up(service.name)
    if arguments.command is None:
        _serve(Process(service, settings, arguments.role))
        return
    if own is not None:
        run = own.run
        sys.exit(asyncio.run(_with_database(service, settings, lambda: run(arguments))))
    commands: dict[str, Callable[[], Awaitable[int]]] = {
        "migrate": lambda: migrate.run(service, arguments.finish),
        "backup": lambda: backup.write(arguments.to),
        "restore": lambda: backup.read(service, arguments.source),
    }
    if arguments.command in commands:
        sys.exit(asyncio.run(_with_database(service, settings, commands[arguments.command], unhurried=True)))
    if arguments.command == "reencrypt":
        sys.exit(asyncio.run(_with_database(service, settings, lambda: key_rotation.run(service))))
    asyncio.run(_command(service, settings, arguments))


def _parser(service: Service) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m services.{service.name}")
    parser.add_argument("--role", choices=("all", "api", "worker"), default="all", help="what this process does")
    commands = parser.add_subparsers(dest="command")
    letters = commands.add_parser("dead-letters", help="events that were put aside")
    letters.add_argument("action", choices=("list", "show", "resend"))
    letters.add_argument("id", nargs="?", help="a dead letter's id; `resend all` for every one")
    again = commands.add_parser("replay", help="publish kept events again")
    again.add_argument("--since", type=dt.datetime.fromisoformat, help="an instant with an offset; without: all")
    again.add_argument("--topic", help="only this topic")
    again.add_argument("--all", action="store_true", help="everything that is kept")
    what = commands.add_parser("collections", help="print what is stored, how long, and by which shard key")
    what.add_argument("--shard", metavar="DATABASE", help="print what mongosh is told to shard that database")
    commands.add_parser("states", help="print the state machines as tables and as Mermaid")
    forward = commands.add_parser(
        "migrate", help="bring the database to what this version needs; 1 where something is left"
    )
    forward.add_argument("--finish", action="store_true", help="no process of the version before works any more")
    away = commands.add_parser("backup", help="write the database into a directory, as it is at one instant")
    away.add_argument("--to", type=Path, required=True, metavar="DIR", help="an empty directory")
    back = commands.add_parser("restore", help="bring a backup back into an empty database")
    back.add_argument("--from", dest="source", type=Path, required=True, metavar="DIR", help="where the backup is")
    commands.add_parser("reencrypt", help="bring what is stored under the present keys; say which old ones may go")
    for own in service.commands:
        own.declare(commands.add_parser(own.name, help=own.help))
    return parser


def _serve(process: Process) -> None:
    settings = process.settings
    # the objects of start-up live as long as the process: they need not be looked at again and again
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 5, 20)
    config = uvicorn.Config(
        process.app(),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        loop="uvloop",
        http="httptools",
        timeout_graceful_shutdown=STOP_SECONDS,
        lifespan="on",
        ws="none",
    )
    uvicorn.Server(config).run()


async def _with_database(
    service: Service, settings: Settings, work: Callable[[], Awaitable[int]], *, unhurried: bool = False
) -> int:
    rings = keys.read(settings.keys_file)
    await client.connect(
        settings.mongo_uri, settings.mongo_database, service.documents, rings, service.name, unhurried=unhurried
    )
    try:
        return await work()
    finally:
        client.disconnect()


async def _command(service: Service, settings: Settings, arguments: argparse.Namespace) -> None:
    await client.connect(
        settings.mongo_uri, settings.mongo_database, service.documents, keys.read(settings.keys_file), service.name
    )
    await create_service_topics(service, settings)
    producer = make_producer(settings.kafka)
    await producer.start()
    try:
        if arguments.command == "replay":
            if not (arguments.all or arguments.since or arguments.topic):
                sys.exit("say --all, --since or --topic")
            count = await replay.replay_outbox(producer, arguments.since, arguments.topic)
            if service.republish:
                count += await service.republish(producer, arguments.since, arguments.topic)
            print(f"{count} events published again")
        else:
            await _dead_letters(service, settings, producer, arguments)
    finally:
        await producer.stop()
        client.disconnect()


async def _dead_letters(service: Service, settings: Settings, producer: object, arguments: argparse.Namespace) -> None:
    from aiokafka import AIOKafkaProducer

    assert isinstance(producer, AIOKafkaProducer)
    letters = await dead_letters.read(settings.kafka, service.groups)
    if arguments.action == "list":
        for letter in letters:
            print(letter.id, letter.buried_at.isoformat(), letter.group, letter.type, letter.reason)
        return
    chosen = [letter for letter in letters if arguments.id in (letter.id, "all")]
    if not chosen:
        sys.exit("no dead letter of that id")
    for letter in chosen:
        if arguments.action == "show":
            print(f"{letter.id}  {letter.reason}\n{letter.topic}[{letter.partition}]@{letter.offset}")
            for name, value in letter.headers:
                print(f"  {name}: {value.decode()}")
            print(letter.value.decode(errors="replace"))
        else:
            await dead_letters.send_again(producer, letter)
            print(f"{letter.id} sent again to {letter.topic}")
