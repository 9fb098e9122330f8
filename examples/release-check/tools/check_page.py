#!/usr/bin/env python3
"""Looks up every relative link of one page: the file must be there, and so must the heading behind a '#'."""
import json
import pathlib
import re
import sys
import time

# The documentation is served from a share that is throttled; more than five look-ups a second slow everybody down.
PAUSE_BETWEEN_LOOKUPS_S = 0.2


def anchors(page: pathlib.Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def fault_of(page: pathlib.Path, link: str) -> str | None:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return f"{page}: {link} leads nowhere"
    if anchor and anchor not in anchors(target):
        return f"{page}: {link} names no heading of {target}"
    return None


page = pathlib.Path(json.load(sys.stdin)["$item"])
issues = []
for link in re.findall(r"\[[^]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
    if re.match(r"[a-z]+:", link):
        continue
    time.sleep(PAUSE_BETWEEN_LOOKUPS_S)
    if fault := fault_of(page, link):
        issues.append(fault)
json.dump({"state_delta": {"page_issues": issues}}, sys.stdout)
