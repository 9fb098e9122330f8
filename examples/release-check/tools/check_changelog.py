#!/usr/bin/env python3
"""The newest entry of the changelog must be that of the release, with a date."""
import json
import re
import sys

call = json.load(sys.stdin)
version = call["_state"]["manifest"]["version"]
with open(call["file"], encoding="utf-8") as changelog:
    headings = re.findall(r"^## (\S+)(?: - (\d{4}-\d{2}-\d{2}))?$", changelog.read(), re.M)

issues = []
if not headings or headings[0][0] != version:
    issues.append(f"the changelog opens with {headings[0][0] if headings else 'nothing'}, not with {version}")
elif not headings[0][1]:
    issues.append(f"the entry of {version} has no date")
json.dump({"state_delta": {"changelog_issues": issues}}, sys.stdout)
