"""Makes the replica set, its administrator, and for each service a user of its own database alone.

It runs in the network of the first member, whose exception for its own machine lets the first user be made. Running it again
does no harm, and gives a service the password that its file holds now.
"""

from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure
from pymongo.uri_parser import parse_uri

SECRETS = Path("/run/secrets")
HOSTS = ("mongo-1:27017", "mongo-2:27017", "mongo-3:27017")
SET = "xindun"
SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")
UNAUTHORIZED, ALREADY_INITIALIZED = 13, 23
ELECTION_SECONDS = 120.0

Client = MongoClient[dict[str, Any]]


def main() -> None:
    """Bring the set and its users into being."""
    password = _secret("mongo-admin-password")
    with _client(host="127.0.0.1", directConnection=True) as first:
        initiate(first, password)
    with _client(host=list(HOSTS), replicaSet=SET, username="admin", password=password, w="majority") as everybody:
        for service in SERVICES:
            set_user(everybody, service, _secret(f"{service}-mongo-uri"))


def initiate(first: Client, password: str) -> None:
    """Make the set and its administrator, unless there is one already."""
    members = [{"_id": n, "host": host, "priority": 2 if n == 0 else 1} for n, host in enumerate(HOSTS)]
    try:
        first.admin.command("replSetInitiate", {"_id": SET, "members": members})
    except OperationFailure as error:
        if error.code == UNAUTHORIZED:  # the exception ends with the first user
            return
        if error.code != ALREADY_INITIALIZED:
            raise
    until = monotonic() + ELECTION_SECONDS
    while not first.admin.command("hello")["isWritablePrimary"]:
        if monotonic() > until:
            raise SystemExit(f"{HOSTS[0]} has not become primary within {ELECTION_SECONDS:.0f} s")
        sleep(0.5)
    first.admin.command("createUser", "admin", pwd=password, roles=["root"])


def set_user(everybody: Client, service: str, uri: str) -> None:
    """Give the service the user that its URI names, who reads, writes and indexes the service's database and no other."""
    named = parse_uri(uri)
    name, password = named["username"], named["password"]
    database = everybody[service]
    known: Mapping[str, Any] = database.command("usersInfo", name)
    verb = "updateUser" if known["users"] else "createUser"
    roles = [{"role": role, "db": service} for role in ("readWrite", "dbAdmin")]
    database.command(verb, name, pwd=password, roles=roles)


def _client(**where: Any) -> Client:
    return MongoClient(**where)


def _secret(name: str) -> str:
    return (SECRETS / name).read_text("utf-8").strip()


if __name__ == "__main__":
    main()
