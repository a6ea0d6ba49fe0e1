"""What other services tell of people and enterprises that decisions rest on (德人社发〔2022〕95 号 art. 11, 12)."""
