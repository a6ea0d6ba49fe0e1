"""What has become of an injured person: death, absence, relapse, retirement, stops (工伤保险条例 art. 35-42)."""
