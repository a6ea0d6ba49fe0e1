"""The exchange with the province: enrolments go out and are compared every day (德人社发〔2022〕95号 art. 13)."""
