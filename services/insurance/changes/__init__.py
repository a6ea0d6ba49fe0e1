"""What follows for benefits when the facts change: death, absence, relapse, retirement, another grade (工伤保险条例 art. 33-42)."""
