"""Who takes part in a programme: places and a waiting list that moves up (德人社发〔2022〕95 号 art. 14). Nothing is asked about
household register, residence or place of insurance: 川人社规〔2025〕11 号 forbids that."""
