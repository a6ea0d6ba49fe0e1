"""Nominations for professional titles (职称): a platform or an association nominates, an officer checks and forwards, and the
result is told (德人社发〔2022〕95 号 art. 14: 推荐符合条件的新就业形态劳动者参加相关职称评审)."""
