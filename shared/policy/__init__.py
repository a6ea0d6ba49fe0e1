"""Dated parameters of the law, and the calendar of working days.

A new figure is a new row in the file of its subject: close the row before it (`to`), add the new one with the day from
which it holds (`from`), the day it was published where that differs, its source, and whether somebody has read it there
(`verified`). A figure that nobody has is a row with `value: null` and a note; it is never guessed in code.
"""
