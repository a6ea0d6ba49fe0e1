"""What a reader is told before the code: the name of a test says in one short sentence what a user would see, and each room has a
caption."""

from __future__ import annotations

import ast

from tests.unit.project.code import modules

LONGEST = 60


def test_no_name_of_a_test_is_longer_than_sixty_characters() -> None:
    names = {
        f"{module}: {node.name}"
        for module, tree in modules("tests").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }
    assert names
    assert {name for name in names if len(name.partition(": ")[2]) > LONGEST} == set()


def test_every_module_has_a_caption() -> None:
    trees = {**modules("services"), **modules("shared")}
    assert trees
    said = {module for module, tree in trees.items() if ast.get_docstring(tree) or module in ("services", "shared")}
    assert trees.keys() - said == set()
