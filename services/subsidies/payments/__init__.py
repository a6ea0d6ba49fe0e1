"""What is owed to applicants, from approval to the account (德人社发〔2022〕95号 art. 12, 14, 15)."""
