from __future__ import annotations

from tests.integration.complaints.penalties.conftest import _office

__all__ = ["_office"]
