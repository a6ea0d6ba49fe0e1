"""Who is inspected, and by whom, drawn so that any stranger can draw again (德人社发〔2022〕95号 art. 1; 国办发〔2015〕58号)."""
