"""Which partner firms and dispatch agencies a platform works through, licensed on every day (德人社发〔2022〕95 号 art. 3)."""
