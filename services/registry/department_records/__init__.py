"""Department records: licences, penalties and inspection results of other departments (德人社发〔2022〕95 号 art. 11)."""
