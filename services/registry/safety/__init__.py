"""Safety: no training on file, no work (德人社发〔2022〕95 号 art. 7)."""
