"""Code hosting in the shape of GitHub's REST API: absolute links in `Link`, in `Location` and in bodies."""

import re
from typing import Any

from service import Reply, Request, Upstream

_ISSUES = 45
_OWNER = {"login": "acme", "id": 1, "type": "Organization"}


class GithubLike(Upstream):
    """The repository `acme/ledger`, its issues in pages, and its old name `acme/books`, which redirects."""

    name = "github"

    def unauthorised(self) -> Reply:
        return Reply(401, {"message": "Bad credentials", "documentation_url": f"{self.origin}/docs"})

    def handle(self, request: Request) -> Reply:
        path = request.path.rstrip("/")
        if path == "/user":
            return Reply(200, self._user())
        if path in {"/repos/acme/ledger", "/repositories/42"}:
            return Reply(200, self._repository())
        if path == "/repos/acme/books":
            moved = f"{self.origin}/repositories/42"
            return Reply(301, {"message": "Moved Permanently", "url": moved}, {"location": moved})
        if path in {"/repos/acme/ledger/issues", "/repositories/42/issues"}:
            return self._create(request) if request.method == "POST" else self._issues(request)
        if found := re.fullmatch(r"/repos/acme/ledger/issues/(\d+)", path):
            number = int(found[1])
            if 1 <= number <= _ISSUES:
                return Reply(200, self._issue(number))
        return Reply(404, {"message": "Not Found", "documentation_url": f"{self.origin}/docs"})

    def _user(self) -> dict[str, Any]:
        return {"login": "handrail-demo", "id": 7, "url": f"{self.origin}/users/handrail-demo"}

    def _repository(self) -> dict[str, Any]:
        url = f"{self.origin}/repos/acme/ledger"
        return {
            "id": 42,
            "name": "ledger",
            "full_name": "acme/ledger",
            "private": True,
            "owner": {**_OWNER, "url": f"{self.origin}/users/acme"},
            "url": url,
            "issues_url": f"{url}/issues{{/number}}",
            "default_branch": "main",
            "open_issues_count": _ISSUES,
        }

    def _issue(self, number: int, title: str = "") -> dict[str, Any]:
        return {
            "id": 1000 + number,
            "number": number,
            "title": title or f"Entry {number} does not balance",
            "state": "open",
            "url": f"{self.origin}/repos/acme/ledger/issues/{number}",
            "repository_url": f"{self.origin}/repos/acme/ledger",
            "user": self._user(),
        }

    def _create(self, request: Request) -> Reply:
        title = request.parameters().get("title", "")
        if not title:
            errors = [{"field": "title", "code": "missing"}]
            return Reply(422, {"message": "Validation Failed", "errors": errors})
        issue = self._issue(_ISSUES + 1, title)
        return Reply(201, issue, {"location": issue["url"]})

    def _issues(self, request: Request) -> Reply:
        page = max(int(request.query.get("page") or 1), 1)
        size = min(int(request.query.get("per_page") or 30), 100)
        last = -(-_ISSUES // size)
        numbers = range(_ISSUES, 0, -1)[(page - 1) * size : page * size]
        # GitHub's own links name the repository by number, not by the path that was called.
        base = f"{self.origin}/repositories/42/issues?per_page={size}&page="
        links = []
        if page < last:
            links += [f'<{base}{page + 1}>; rel="next"', f'<{base}{last}>; rel="last"']
        if page > 1:
            links += [f'<{base}{page - 1}>; rel="prev"', f'<{base}1>; rel="first"']
        headers = {"link": ", ".join(links)} if links else {}
        return Reply(200, [self._issue(number) for number in numbers], headers)
