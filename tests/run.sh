#!/usr/bin/env bash
# Installs what is missing, builds, runs every test. Arguments go to ctest (e.g. -R e2e).
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/setup.sh
install_missing $BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES
build release -DOE_TESTS=ON
exec ctest --preset release -j "$(($(nproc) + 1))" "$@"  # stories wait more than they compute
