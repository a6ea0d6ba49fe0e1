"""Who has completed a course, and who has passed its examination: both lead to the certificate (德人社发〔2022〕95 号
art. 14: 按标准、依规范开展评价工作，颁发证书)."""
