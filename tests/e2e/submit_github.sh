#!/usr/bin/env bash
# A proposal from its run to its end on GitHub, with git over http.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/submit_story.bash"
submit_story github ada http yes merge
