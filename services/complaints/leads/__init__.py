"""Leads: signs in the data that a rule was broken, from raised to taken up or dismissed (德人社发〔2022〕95号 art. 5, 6, 16)."""
