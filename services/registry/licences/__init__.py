"""Licences: what they allow an enterprise, and from when until when (德人社发〔2022〕95 号 art. 3, 11)."""
