"""Letters and when they are served: what the terms to contest a decision or an assessment run from (工伤保险条例 art. 20, 26, 55)."""
