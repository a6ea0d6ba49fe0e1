"""Penalty decisions: notice, legal review, decision or another end, and service (行政处罚法 art. 44, 57-61)."""
