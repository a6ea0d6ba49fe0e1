"""How long the file of an injury is kept of a person who is erased (社会保险业务档案管理规定（试行）)."""

from __future__ import annotations


def term_of(*, applied: bool) -> str:
    """The parameter of a file's term, in years from the last step: of one that was applied for, or a mere report."""
    return "retention.injury_file_years" if applied else "retention.accident_report_years"
