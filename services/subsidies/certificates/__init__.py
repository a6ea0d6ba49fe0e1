"""Certificates: which person completed which course (德人社发〔2022〕95号 art. 14)."""
