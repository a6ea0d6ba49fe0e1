"""Benefits: what a recognised injury gives a right to, from the proposal to each payment (工伤保险条例 ch. 5)."""
