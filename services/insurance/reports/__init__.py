"""Accidents as platforms, workers, next of kin and unions report them, with photos and duplicates (工伤保险条例 art. 17)."""
