"""Messages on insurance: cover, bills, claims, benefits and their terms (德人社发〔2022〕95号 arts. 8, 9)."""
