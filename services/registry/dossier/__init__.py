"""The dossier: every fact about one worker or one enterprise, with its source (德人社发〔2022〕95 号 art. 11)."""
