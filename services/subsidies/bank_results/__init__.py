"""What the bank says of a batch: every line of it ends in exactly one heap, and none stops another
(德人社发〔2022〕95号 art. 12, 14, 15)."""
