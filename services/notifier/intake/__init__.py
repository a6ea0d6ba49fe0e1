"""What one event sets in motion in several rooms: its messages, and the erasure of a person (个人信息保护法 art. 47)."""
