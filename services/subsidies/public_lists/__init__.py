"""Public notices and what was approved, for everybody to read and to object to (德人社发〔2022〕95号 art. 12, 14)."""
