#!/usr/bin/env bash
# A proposal from its run to its end on Gitea, whose repository git reaches by its path.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/submit_story.bash"
submit_story gitea ada file no merge
