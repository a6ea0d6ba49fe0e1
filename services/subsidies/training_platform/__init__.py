"""The Deyang branch of the province's training platform (四川省职业技能培训网络平台德阳分院): courses with their rosters go out, who
was at their online sessions comes in (德人社发〔2022〕95 号 art. 14)."""
