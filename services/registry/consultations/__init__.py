"""Consultations: workers ask platforms to negotiate, and what is answered (德人社发〔2022〕95 号 art. 10; 集体合同规定)."""
