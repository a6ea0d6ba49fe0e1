"""The assessment of the capacity for work (工伤保险条例 ch. 4)."""
