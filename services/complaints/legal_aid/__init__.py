"""Legal aid by the legal aid centre and the union's lawyers, from application to outcome (法律援助法; 95 号 art. 17)."""
