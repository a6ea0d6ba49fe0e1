"""What a decision rests on, the record of it, and facts that are paid for once (德人社发〔2022〕95 号 art. 12, 14, 15)."""
