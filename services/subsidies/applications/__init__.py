"""Applications of every kind and applicant, from draft to money: completeness, two officers, public notice, decision
(德人社发〔2022〕95号 art. 12, 14, 15; 个人信息保护法 art. 24)."""
