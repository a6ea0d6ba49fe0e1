"""Engagements and platforms as the registry last told them: what every enrolment, premium and claim rests on (95 号 art. 2)."""
