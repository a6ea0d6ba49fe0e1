"""Admission: which platforms may push events, by their signature, and how many in a second (德人社发〔2022〕95 号 art. 11)."""
