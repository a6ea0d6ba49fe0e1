"""Enrolment: who is insured in which scheme, by whom and on which days (社会保险法 art. 58; 德人社发〔2022〕95号 art. 8)."""
