"""Help to work for who is recognised as hard to employ: what the office offers, and what the person says to it (就业援助; 就业促进法
art. 52, 56; 德人社发〔2022〕95号 art. 12)."""
