#!/bin/sh
# For any CI: runs the workflow, proposes what the runs show, and tells about it.
#
#   oe-ci.sh [DIRECTORY] [NUMBER]
#
# With the NUMBER of a pull or merge request it keeps one comment there up to date; without one (on the main branch) it opens
# what is proven, within the limits of .openexpertise/config.yaml. Ends as the run did. The token is read from the
# environment (docs/forges.md); keep .openexpertise between jobs, for the record is what proposals are made of.
set -u
directory=${1:-.} number=${2:-}
report=$(mktemp)
trap 'rm -f "$report"' EXIT

code=0
oe run "$directory" >"$report" 2>&1 || code=$?
cat "$report"

# A request is made on a commit that goes away again: nothing is proposed there.
if [ -n "$number" ]; then
  oe comment "$number" --marker oe-ci <"$report"
else
  oe evolve ${OE_EVOLVE_FLAGS:-} && oe submit --refresh --all
fi || exit
exit "$code"
