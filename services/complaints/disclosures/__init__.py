"""Who reports in confidence stays sealed: each disclosure is asked for, approved by a second officer, and written down
(劳动保障监察条例 art. 9)."""
