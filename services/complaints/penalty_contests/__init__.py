"""Contests: a review or suit against a penalty, and what it changes or annuls (行政处罚法 art. 73-75; 行政复议法; 行政诉讼法)."""
