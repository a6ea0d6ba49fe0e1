"""Memberships: workers join unions and leave them, never without their own word (德人社发〔2022〕95 号 art. 17; 工会法 art. 3)."""
