#!/usr/bin/env bash
# A proposal from its run to its end on GitLab, in a sub-group, with git over ssh.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/submit_story.bash"
submit_story gitlab team/sub ssh no squash
