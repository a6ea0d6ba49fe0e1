"""When people worked: the merged spans of each platform worker and legal day, and who that worker is (人社厅发〔2023〕50号 art. 4)."""
