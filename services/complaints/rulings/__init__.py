"""Earlier rulings, made anonymous, and those of them that are like a dispute (同案同判; 95 号 art. 18)."""
