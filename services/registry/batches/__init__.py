"""Batches: every accepted push is stored until it is published, and can be published again (德人社发〔2022〕95 号 art. 11)."""
