"""Filing of penalties: what one arises from, its investigation, the evidence and the time to decide (行政处罚法 art. 54, 60)."""
