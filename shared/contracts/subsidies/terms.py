"""Words that several kinds of events use."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

SkillLevel = Literal["special", "junior", "intermediate", "senior", "technician", "senior_technician"]
"""专项职业能力或岗位培训；初级工（五级）、中级工（四级）、高级工（三级）、技师（二级）、高级技师（一级）。"""

Named = Annotated[str, msgspec.Meta(max_length=128)]
"""An id, or empty where there is none."""
