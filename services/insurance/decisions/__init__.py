"""From the acceptance of a claim to its decision and the letter that says it (工伤保险条例 art. 14-16, 19-20)."""
