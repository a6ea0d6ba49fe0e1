"""Decisions on applications that are contested: review and suit (行政复议法 art. 20, 62; 行政诉讼法 art. 45, 46)."""
