"""Penalty grounds: for which act the law gives which penalty, of which amount, on whom (行政处罚法 art. 9, 28-33)."""
