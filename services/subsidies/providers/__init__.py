"""Who may train and evaluate: filing, check, validity, suspension and removal of schools, training bodies, the couriers' base
and evaluation bodies (德人社发〔2022〕95 号 art. 14; 职业教育法 art. 16, 51)."""
