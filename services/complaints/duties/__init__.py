"""Leads from other services' events: papers, licences, cover, premiums and advances (德人社发〔2022〕95号 art. 2, 3, 7, 8, 9)."""
