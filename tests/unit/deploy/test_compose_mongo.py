"""What Compose's one-shot asks of MongoDB, at a first start, at a later one, and after one that broke off."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.errors import OperationFailure

from deploy.compose.mongo import setup


class Server:
    """Answers as a member does whose exception for its own machine ends with the first user."""

    def __init__(self, *, initiated: bool = False, users: set[str] | None = None, elections: int = 2) -> None:
        self.initiated, self.users, self.elections = initiated, users or set(), elections
        self.asked: list[str] = []
        self.roles: dict[str, Any] = {}
        self.admin = self

    def __getitem__(self, database: str) -> Server:
        return self

    def command(self, verb: str, value: Any = 1, **more: Any) -> dict[str, Any]:
        self.asked.append(verb)
        if verb == "replSetInitiate":
            if self.users:
                raise OperationFailure("requires authentication", setup.UNAUTHORIZED)
            if self.initiated:
                raise OperationFailure("already initialized", setup.ALREADY_INITIALIZED)
            assert [member["host"] for member in value["members"]] == list(setup.HOSTS)
            self.initiated = True
        if verb == "hello":
            self.elections -= 1
            return {"isWritablePrimary": self.elections <= 0}
        if verb == "usersInfo":
            return {"users": [value] if value in self.users else []}
        if verb in ("createUser", "updateUser"):
            assert (value in self.users) == (verb == "updateUser")
            self.users.add(value)
            self.roles[value] = more["roles"]
        return {"ok": 1.0}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "sleep", lambda seconds: None)


def test_a_first_start_makes_the_set_and_then_its_administrator() -> None:
    server = Server()
    setup.initiate(server, "secret")  # type: ignore[arg-type]
    assert server.asked == ["replSetInitiate", "hello", "hello", "createUser"]
    assert server.roles == {"admin": ["root"]}


def test_a_later_start_leaves_the_set_as_it_is() -> None:
    server = Server(initiated=True, users={"admin"})
    setup.initiate(server, "secret")  # type: ignore[arg-type]
    assert server.asked == ["replSetInitiate"]


def test_a_start_that_broke_off_before_the_first_user_goes_on() -> None:
    server = Server(initiated=True)
    setup.initiate(server, "secret")  # type: ignore[arg-type]
    assert server.users == {"admin"}


def test_a_set_without_a_primary_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "ELECTION_SECONDS", -1.0)
    with pytest.raises(SystemExit, match="has not become primary"):
        setup.initiate(Server(elections=9), "secret")  # type: ignore[arg-type]


def test_any_other_refusal_ends_it() -> None:
    class Refusing(Server):
        def command(self, verb: str, value: Any = 1, **more: Any) -> dict[str, Any]:
            raise OperationFailure("no quorum", 74)

    with pytest.raises(OperationFailure, match="no quorum"):
        setup.initiate(Refusing(), "secret")  # type: ignore[arg-type]


def test_a_service_gets_its_own_database_and_no_other() -> None:
    """And, where it has its user already, the password that its file holds now."""
    server = Server(users={"admin"})
    for _ in range(2):
        setup.set_user(server, "registry", "mongodb://registry:p%40ss@mongo-1/registry?authSource=registry")  # type: ignore[arg-type]
    assert server.asked == ["usersInfo", "createUser", "usersInfo", "updateUser"]
    assert server.roles["registry"] == [{"role": "readWrite", "db": "registry"}, {"role": "dbAdmin", "db": "registry"}]
