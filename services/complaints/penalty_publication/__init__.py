"""Publication of penalties, and what is taken back of it (行政处罚法 art. 48)."""
