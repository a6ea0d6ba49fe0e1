"""The skill subsidy for a certificate, out of unemployment insurance (人社部发〔2017〕40号; 德人社发〔2022〕95号 art. 14)."""
