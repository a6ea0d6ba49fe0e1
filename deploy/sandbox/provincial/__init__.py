"""A stand-in for the provincial online social-insurance platform. Port 8101; `python -m deploy.sandbox.provincial`.

Requests are signed as Standard Webhooks with PROVINCIAL_SECRET (those under `/training`, the training platform's Deyang branch, with
TRAINING_PLATFORM_SECRET where that is set, those under
`/tax`, the tax office, with TAX_OFFICE_SECRET), GETs over their path with its query. A request is known by
its number: the same again has the same answer, another one under the number is a 409. Nothing is kept on disk.

| method and path | does |
|---|---|
| `POST /v1/enrolments` | takes an enrolment |
| `POST /v1/enrolments/{number}/end` | takes or moves its last day; null takes it back |
| `GET /v1/enrolments/{number}` | what became of it (not signed) |
| `GET /v1/enrolments?cursor=&limit=` | all enrolments, in pages |
| `POST /v1/payments`, `GET /v1/payments/{number}` | takes a payment order; what was answered |
| `GET /v1/payments/{number}/result` | whether it was paid |
| `/v1/transfers` | the same for transfers |
| `GET /v1/contributions?since=&cursor=&limit=` | what was paid in: contributions and bill payments, by the time of their last change |
| `POST /training/v1/courses/{id}` | takes a course of the training platform, with its roster; the later `as_of` holds |
| `GET /training/v1/attendance?since=&cursor=&limit=` | who was at its online sessions, by the time of the record |
| `POST /tax/v1/statements`, `GET /tax/v1/statements/{number}` | takes what a payer owes for a month; what was answered |
| `GET /tax/v1/statements?cursor=&limit=` | all statements with what was paid of them, in pages |
| `POST /sandbox/statements`, `PATCH` and `DELETE /sandbox/statements/{number}` | adds, changes or forgets a statement, unasked |
| `GET /sandbox/courses/{id}`, `POST /sandbox/attendance` | shows a course; adds attendance, good or bad |
| `POST /sandbox/enrolments`, `PATCH` and `DELETE /sandbox/enrolments/{number}` | adds, changes or forgets an enrolment, unasked |
| `POST /sandbox/records` | adds what was paid in |
| `POST /sandbox/results/{number}` | says what became of a payment order or a transfer |
| `POST /sandbox/behaviour`, `GET /sandbox/counts` | see `deploy.sandbox.common` |
"""
