"""Unions: which there are, where each acts, and who acts for it (德人社发〔2022〕95 号 art. 17; 工会法 art. 11)."""
