"""What a platform advances in its partner firm's place, and its recourse to that firm (95 号 art. 3)."""
