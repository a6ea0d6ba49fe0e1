"""Referrals to counselling by the union (心理健康服务): seen by the person and by the union that is assigned, by nobody else
(德人社发〔2022〕95 号 art. 15; 个人信息保护法 art. 28)."""
