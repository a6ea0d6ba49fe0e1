"""Certificates: which person completed which course, whoever told of it; verified by everybody, revoked for a reason
(德人社发〔2022〕95号 art. 14)."""
