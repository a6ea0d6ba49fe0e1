"""The yearly check that who draws a benefit by the month still may (社会保险经办条例 art. 25, 26)."""
