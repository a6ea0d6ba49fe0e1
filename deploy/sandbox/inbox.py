"""The page on which a person sees what a sandbox received."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.responses import HTMLResponse

SHOWN = 200

PAGE = """\
<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>{{ title }}</title>
<style>
  body { font: 15px/1.6 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .4rem .8rem; border-bottom: 1px solid #ddd; vertical-align: top; }
</style>
<h1>{{ title }}</h1>
<p>共 {{ total }} 条 · {{ total }} messages, the last {{ rows | length }}</p>
<table>
  <tr>{% for column in columns %}<th>{{ column }}</th>{% endfor %}</tr>
  {% for row in rows %}<tr>{% for column in columns %}<td>{{ row[column] }}</td>{% endfor %}</tr>
  {% endfor %}
</table>
</html>
"""


def inbox(title: str, columns: Iterable[str], messages: Sequence[Mapping[str, Any]]) -> HTMLResponse:
    """A page with the newest messages first, renewed every five seconds."""
    from jinja2 import Environment  # whom nobody looks at needs no templates

    rows = messages[: -SHOWN - 1 : -1]
    page = Environment(autoescape=True).from_string(PAGE)
    return HTMLResponse(page.render(title=title, columns=list(columns), rows=rows, total=len(messages)))
