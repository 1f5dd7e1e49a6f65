#!/bin/sh
# Builds the package against Cargo's debug library, a test build, and runs its tests. The last line
# counts them: each case is one. Arguments go to `swift test`, as `--filter Cancellation`.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
target=${CARGO_TARGET_DIR:-$here/../../target}
mkdir -p "$target/swift"
scratch=$(cd "$target/swift" && pwd -P)
# The proofs do not ask the network's proxy, nor trust more than they say.
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy SSL_CERT_FILE SSL_CERT_DIR
debug=${scratch%/swift}/debug
sed "s:^libdir=.*:libdir=$debug:" "$here/pkgconfig/partner_center.pc" >"$scratch/partner_center.pc"
export PKG_CONFIG_PATH="$scratch"
export PARTNER_CENTER_FIXTURE_SERVER="${PARTNER_CENTER_FIXTURE_SERVER:-$debug/fixture-server}"
# A test build divides its waits by this.
export PARTNER_CENTER_TIME_SCALE=10000

cd "$here"
begun=$(date +%s)
run=$(mktemp -d "$scratch/run.XXXXXX")
trap 'rm -rf "$run"' EXIT
events=$run/events.jsonl
# What is linked does not notice by itself that the library is another one.
rm -f "$scratch"/debug/*.xctest
code=0
./toolchain.sh swift test --scratch-path "$scratch" --jobs 2 --disable-xctest \
    -Xswiftc -warnings-as-errors --event-stream-output-path "$events" "$@" >"$run/log" 2>&1 || code=$?
# Some thousand lines say that a case began.
grep --text -v 'Passing 1 argument' "$run/log" || true

passed=0 failed=0
if [ -f "$events" ]; then
    # Of a test with arguments each one counts; one without them has its end alone.
    ran=$(grep -c -e '"kind":"testCaseEnded"' -e '"kind":"testEnded".*()\\/' "$events" || true)
    failed=$(grep '"kind":"issueRecorded"' "$events" |
        sed 's/.*"displayName":\("[^"]*"\).*"testID":/\1 /; s/.*"testID"://' | sort -u | wc -l)
    passed=$((ran > failed ? ran - failed : 0))
fi
if [ "$code" != 0 ] && [ "$failed" = 0 ]; then
    failed=1
fi
echo "$passed passed, $failed failed in $(($(date +%s) - begun))s"
exit "$code"
