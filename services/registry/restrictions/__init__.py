"""Restrictions that a credit listing puts on an enterprise: one violation restricts everywhere (德人社发〔2022〕95 号 art. 11)."""
