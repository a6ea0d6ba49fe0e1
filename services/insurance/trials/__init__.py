"""Draft parameters tried on recorded months: premiums, the duty to enrol, and benefits (德人社发〔2022〕95号 art. 8, 9)."""
