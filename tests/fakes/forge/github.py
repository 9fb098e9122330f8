"""GitHub's REST API, version 2022-11-28: pulls, and the issues calls that pulls share."""
import re

from forge.hub import Refusal, allowed, members
from forge.paging import page_of


class Api:
    def __init__(self, hub, project, token, origin):
        self.hub, self.project, self.token, self.origin = hub, project, token, origin
        self.root = f"/api/v3/repos/{project}"

    def check_headers(self, path, headers):
        if not path.startswith("/api/v3/"):
            raise Refusal(404, "Not Found")
        if headers.get("accept") != "application/vnd.github+json":
            raise Refusal(415, "accept is not application/vnd.github+json", is_fault=True)
        if headers.get("x-github-api-version") != "2022-11-28":
            raise Refusal(400, "x-github-api-version is missing", is_fault=True)
        if not headers.get("user-agent"):
            raise Refusal(403, "user-agent is missing", is_fault=True)
        self.known = headers.get("authorization") == f"Bearer {self.token}"

    def error(self, refusal):
        return {"message": str(refusal), "documentation_url": "https://docs.github.com/rest", "status": str(refusal.status)}

    def answer(self, method, path, query, body):
        if (method, path) == ("GET", "/api/v3/meta"):
            return 200, {"installed_version": "3.14.0", "verifiable_password_authentication": True}, {}
        if not self.known:
            raise Refusal(401, "Bad credentials")
        if not path.startswith(self.root + "/"):
            raise Refusal(404, "Not Found")
        tail = path[len(self.root):]
        found = re.search(r"/(\d+)", tail)
        rest, number = re.sub(r"/\d+", "/N", tail, count=1), int(found.group(1)) if found else None
        name = {("GET", "/pulls"): self.list, ("POST", "/pulls"): self.open, ("GET", "/pulls/N"): self.read,
                ("PATCH", "/pulls/N"): self.update, ("GET", "/issues/N"): self.issue,
                ("GET", "/issues/N/comments"): self.comments, ("POST", "/issues/N/comments"): self.comment,
                ("PATCH", "/issues/comments/N"): self.edit, ("POST", "/issues/N/labels"): self.label,
                ("GET", "/pulls/N/commits"): self.commits, ("GET", "/pulls/N/reviews"): self.reviews}.get((method, rest))
        if name is None:
            raise Refusal(404, f"no such call: {method} {rest}", is_fault=True)
        return name(number, query, body, path)

    def user(self, login):
        return {"login": login, "type": "User"} if login else None

    def shown(self, request, is_list=False):
        merged = request["state"] == "merged"
        pull = {"number": request["number"], "title": request["title"], "body": request["body"] or None,
                "html_url": f"{self.origin}/{self.project}/pull/{request['number']}", "draft": request["draft"],
                "state": "open" if request["state"] == "open" else "closed",
                "merged_at": "2026-11-21T10:00:00Z" if merged else None,
                "merge_commit_sha": request["merge_commit"] or "f" * 40,
                "head": {"ref": request["branch"], "sha": request["head"], "label": f"{self.project.split('/')[0]}:{request['branch']}"},
                "base": {"ref": request["base"], "sha": request["base_commit"]}, "user": self.user("oe-user")}
        if not is_list:
            pull.update(merged=merged, merged_by=self.user(request["by"]) if merged else None)
        return pull

    def list(self, _, query, body, path):
        allowed(query, ("state", "head", "base", "per_page", "page", "sort", "direction"))
        found = [r for r in self.hub.state() if query.get("state", "open") == "all" or (r["state"] == "open") == (query.get("state", "open") == "open")]
        if "head" in query:
            if ":" not in query["head"]:
                raise Refusal(422, "head is not user:branch", is_fault=True)
            found = [r for r in found if f"{self.project.split('/')[0]}:{r['branch']}" == query["head"]]
        return page_of([self.shown(r, True) for r in found], query, "per_page", self.origin, path)

    def open(self, _, query, body, path):
        members(body, {"title": "string", "head": "string", "base": "string"},
                {"body": "string", "draft": "bool", "maintainer_can_modify": "bool"})
        request = self.hub.open(body["head"], body["base"], body["title"], body.get("body", ""), body.get("draft", False))
        if request is None:
            owner = self.project.split("/")[0]
            return 422, {"message": "Validation Failed", "errors": [
                {"resource": "PullRequest", "code": "custom", "message": f"A pull request already exists for {owner}:{body['head']}."}]}, {}
        return 201, self.shown(request), {}

    def read(self, number, query, body, path):
        return 200, self.shown(self.hub.find(number)), {}

    def update(self, number, query, body, path):
        members(body, {}, {"title": "string", "body": "string", "state": "string", "base": "string"})
        request = self.hub.find(number)
        if body.get("state") == "closed":
            request.update(state="closed", by="oe-user")
        elif "state" in body:
            raise Refusal(422, "oe reopens nothing", is_fault=True)
        request.update({name: body[name] for name in ("title", "body") if name in body})
        return 200, self.shown(request), {}

    def issue(self, number, query, body, path):
        request = self.hub.find(number)
        closed = request["state"] != "open"
        return 200, {"number": number, "state": "closed" if closed else "open", "closed_by": self.user(request["by"]) if closed else None,
                     "pull_request": {}}, {}

    def comments(self, number, query, body, path):
        allowed(query, ("per_page", "page", "since"))
        items = [{"id": c["id"], "body": c["body"], "user": self.user(c["author"])} for c in self.hub.find(number)["comments"]]
        return page_of(items, query, "per_page", self.origin, path)

    def comment(self, number, query, body, path):
        members(body, {"body": "string"})
        made = self.hub.comment(self.hub.find(number), "oe-user", body["body"])
        return 201, {"id": made["id"], "body": made["body"]}, {}

    def edit(self, number, query, body, path):
        members(body, {"body": "string"})
        self.hub.find_comment(number)["body"] = body["body"]
        return 200, {"id": number, "body": body["body"]}, {}

    def label(self, number, query, body, path):
        members(body, {"labels": "list"})
        self.hub.find(number)["labels"] += body["labels"]
        return 200, [{"name": name} for name in body["labels"]], {}

    def commits(self, number, query, body, path):
        items = [{"sha": sha, "commit": {"message": "m"}} for sha in self.hub.commits(self.hub.find(number))]
        return page_of(items, query, "per_page", self.origin, path)

    def reviews(self, number, query, body, path):
        items = [{"id": i, "user": self.user(by), "state": "APPROVED"} for i, by in enumerate(self.hub.find(number)["reviews"])]
        return page_of(items, query, "per_page", self.origin, path)
