"""Mergers: a wrong id number is corrected, and two records of one person become one (德人社发〔2022〕95 号 art. 4)."""
