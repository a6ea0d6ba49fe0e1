"""Every parameter of the law is asked for by some code, or says which capability will ask for it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping

from shared.policy.parameters import parameters
from tests.lists import assert_only, listed
from tests.unit.project.code import LISTS, modules, pattern, room, templates, texts

GAP = r"[a-z0-9_]+"


def read_by_room() -> Mapping[str, set[str]]:
    """The parameters whose keys stand in the code, by the capability in which they do.

    A key stands there whole, or as an f-string whose gaps are filled with texts of the same capability or of the
    published language. One of gaps alone may be anything: it counts where all of it are texts of a capability of a service.
    """
    rooms = defaultdict(list)
    for name, tree in {**modules("services"), **modules("shared")}.items():
        rooms[room(name)].append(tree)
    language = texts(rooms["shared.contracts"])
    keys = {parameter.key for parameter in parameters}
    found: dict[str, set[str]] = {}
    for name, trees in rooms.items():
        words = texts(trees)
        found[name] = keys & words
        for template in templates(trees):
            says = any(isinstance(part, ast.Constant) and str(part.value).strip(".") for part in template.values)
            if not says and name.startswith("shared."):
                continue
            known = words | language if says else words
            for key in keys:
                fit = pattern(template, GAP).fullmatch(key)
                if fit and fit.groups() and known.issuperset(fit.groups()):
                    found[name].add(key)
    return found


def test_every_parameter_is_read_by_code() -> None:
    read = set().union(*read_by_room().values())
    unread = {parameter.key for parameter in parameters} - read
    assert_only(unread, listed(LISTS / "unread_parameters.yaml"), "parameters that no code reads")
