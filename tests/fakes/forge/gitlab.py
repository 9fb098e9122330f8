"""GitLab's REST API v4: merge requests, notes, approvals."""
import re
from urllib.parse import quote

from forge.hub import Refusal, allowed, members
from forge.paging import page_of

DRAFT = re.compile(r"^(draft:|\[draft\]|\(draft\))\s*", re.I)


class Api:
    def __init__(self, hub, project, token, origin):
        self.hub, self.project, self.token, self.origin = hub, project, token, origin
        self.root = f"/api/v4/projects/{quote(project, safe='')}/merge_requests"

    def check_headers(self, path, headers):
        if not path.startswith("/api/v4/"):
            raise Refusal(404, "Not Found")
        if headers.get("accept") != "application/json":
            raise Refusal(406, "accept is not application/json", is_fault=True)
        given = headers.get("private-token") or headers.get("authorization", "").removeprefix("Bearer ")
        self.known = given == self.token

    def error(self, refusal):
        return {"message": f"{refusal.status} {refusal}"}

    def answer(self, method, path, query, body):
        if path == "/api/v4/version" and not self.known:
            return 401, {"message": "401 Unauthorized"}, {}
        if not path.startswith("/api/v4/"):
            return 404, {"error": "404 Not Found"}, {}
        if not self.known:
            raise Refusal(401, "Unauthorized")
        if not path.startswith(self.root):
            raise Refusal(404, "Project Not Found")
        parts = [int(p) if p.isdigit() else p for p in path[len(self.root):].split("/")[1:]]
        shape = "/".join("N" if isinstance(p, int) else p for p in parts)
        name = {("GET", ""): self.list, ("POST", ""): self.open, ("GET", "N"): self.read, ("PUT", "N"): self.update,
                ("GET", "N/notes"): self.notes, ("POST", "N/notes"): self.note, ("PUT", "N/notes/N"): self.edit,
                ("GET", "N/commits"): self.commits, ("GET", "N/approvals"): self.approvals}.get((method, shape))
        if name is None:
            raise Refusal(404, f"no such call: {method} {shape}", is_fault=True)
        return name(parts, query, body, path)

    def user(self, name):
        return {"username": name, "name": name.title()} if name else None

    def shown(self, request):
        state = {"open": "opened"}.get(request["state"], request["state"])
        merged = state == "merged"
        return {"id": 5000 + request["number"], "iid": request["number"], "title": request["title"], "description": request["body"],
                "web_url": f"{self.origin}/{self.project}/-/merge_requests/{request['number']}", "state": state,
                "draft": bool(DRAFT.match(request["title"])), "source_branch": request["branch"], "target_branch": request["base"],
                "sha": request["head"], "merge_commit_sha": request["merge_commit"] if merged and not request["squashed"] else None,
                "squash_commit_sha": request["merge_commit"] if merged and request["squashed"] else None,
                "merge_user": self.user(request["by"]) if merged else None,
                "closed_by": self.user(request["by"]) if state == "closed" else None, "labels": request["labels"]}

    def list(self, parts, query, body, path):
        allowed(query, ("state", "source_branch", "target_branch", "per_page", "page"))
        if query.get("state") not in (None, "opened", "closed", "locked", "merged", "all"):
            raise Refusal(400, "state does not have a valid value", is_fault=True)
        found = [r for r in self.hub.state() if (query.get("state", "all") == "all" or self.shown(r)["state"] == query["state"])
                 and query.get("source_branch", r["branch"]) == r["branch"]]
        return page_of([self.shown(r) for r in found], query, "per_page", self.origin, path)

    def open(self, parts, query, body, path):
        members(body, {"source_branch": "string", "target_branch": "string", "title": "string"},
                {"description": "string", "labels": "string", "remove_source_branch": "bool", "squash": "bool"})
        request = self.hub.open(body["source_branch"], body["target_branch"], body["title"], body.get("description", ""), False)
        if request is None:
            return 409, {"message": [f"Another open merge request already exists for this source branch: !{len(self.hub.requests)}"]}, {}
        return 201, self.shown(request), {}

    def read(self, parts, query, body, path):
        return 200, self.shown(self.hub.find(parts[0])), {}

    def update(self, parts, query, body, path):
        members(body, {}, {"title": "string", "description": "string", "state_event": "string", "add_labels": "string"})
        request = self.hub.find(parts[0])
        if body.get("state_event") == "close":
            request.update(state="closed", by="oe-user")
        elif "state_event" in body:
            raise Refusal(400, "oe reopens nothing", is_fault=True)
        if "description" in body:
            request["body"] = body["description"]
        request["title"] = body.get("title", request["title"])
        request["labels"] += [label for label in body.get("add_labels", "").split(",") if label]
        return 200, self.shown(request), {}

    def notes(self, parts, query, body, path):
        allowed(query, ("sort", "order_by", "per_page", "page"))
        request = self.hub.find(parts[0])
        items = [{"id": 1, "body": "requested review", "author": self.user("oe-user"), "system": True, "type": None}]
        items += [{"id": c["id"], "body": c["body"], "author": self.user(c["author"]), "system": False, "type": c["type"]} for c in request["comments"]]
        return page_of(items if query.get("sort") == "asc" else items[::-1], query, "per_page", self.origin, path)

    def note(self, parts, query, body, path):
        members(body, {"body": "string"})
        made = self.hub.comment(self.hub.find(parts[0]), "oe-user", body["body"])
        return 201, {"id": made["id"], "body": made["body"]}, {}

    def edit(self, parts, query, body, path):
        members(body, {"body": "string"})
        self.hub.find(parts[0])
        self.hub.find_comment(parts[2])["body"] = body["body"]
        return 200, {"id": parts[2]}, {}

    def commits(self, parts, query, body, path):
        items = [{"id": sha, "title": "m"} for sha in reversed(self.hub.commits(self.hub.find(parts[0])))]
        return page_of(items, query, "per_page", self.origin, path)

    def approvals(self, parts, query, body, path):
        request = self.hub.find(parts[0])
        return 200, {"iid": parts[0], "approved": bool(request["reviews"]), "approved_by": [{"user": self.user(by)} for by in request["reviews"]]}, {}
