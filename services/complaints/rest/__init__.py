"""Rest: prompts while they help, and leads where work went past a limit (德人社发〔2022〕95号 art. 6; 人社厅发〔2023〕50号 art. 5)."""
