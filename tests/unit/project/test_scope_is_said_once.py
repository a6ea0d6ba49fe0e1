"""Who reaches what by department and district is said by routes and by `shared`, and compared nowhere else by hand."""

from __future__ import annotations

import ast

from tests.unit.project.code import modules

SCOPE = {"department", "district"}
CALLERS = {"caller", "officer"}


def compared(tree: ast.Module) -> set[str]:
    """The comparisons of a caller's department or district."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for part in ast.walk(node):
                if isinstance(part, ast.Attribute) and part.attr in SCOPE and isinstance(part.value, ast.Name):
                    found |= {ast.unparse(node)} if part.value.id in CALLERS else set()
    return found


def test_no_service_compares_a_callers_department_or_district() -> None:
    by_hand = {f"{name}: {one}" for name, tree in modules("services").items() for one in compared(tree)}
    assert by_hand == set()


def test_a_comparison_is_found() -> None:
    tree = ast.parse("if officer.department != HRSS and caller.reaches(case.district): ...")
    assert compared(tree) == {"officer.department != HRSS"}
