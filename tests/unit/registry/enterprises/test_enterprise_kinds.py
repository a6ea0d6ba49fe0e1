from __future__ import annotations

from services.registry.enterprises.rules import kinds


def test_an_enterprise_is_what_it_was_filed_as_in_one_order() -> None:
    assert kinds(["dispatch_agency", "partner"], pushes=False) == ("partner", "dispatch_agency")


def test_whoever_pushes_a_profile_is_a_platform() -> None:
    assert kinds([], pushes=True) == ("platform",)
    assert kinds(["partner", "platform"], pushes=True) == ("platform", "partner")
