"""Why a person's record is kept besides their work: their matters in any service (个人信息保护法 art. 19, 47)."""
