"""Penalty payments: fines come in, later or in parts, are corrected, paid back, or enforced (行政处罚法 art. 66-74)."""
