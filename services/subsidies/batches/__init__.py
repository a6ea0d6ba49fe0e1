"""Payment batches: envelopes with a declared count and total, approved by amount, and the file that a bank gets
(德人社发〔2022〕95号 art. 12, 14, 15)."""
