"""Departments record, renew and revoke licences; what rests on them is examined again (德人社发〔2022〕95 号 art. 3)."""
