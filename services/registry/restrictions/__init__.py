"""Restrictions: what a credit listing stops an enterprise from; one violation restricts everywhere (德人社发〔2022〕95 号 art. 11)."""
