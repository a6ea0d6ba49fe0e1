"""Who the platforms, partner firms and dispatch agencies are, and their premium class (德人社发〔2022〕95 号 art. 3, 11)."""
