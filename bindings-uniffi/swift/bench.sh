#!/bin/sh
# `bench.sh URL TOKEN [CALLS]`: microseconds of a change against a running emulator, through this
# package and through URLSession, as one line of JSON. Needs Cargo's release library.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
target=${CARGO_TARGET_DIR:-$here/../../target}
mkdir -p "$target/swift-bench"
scratch=$(cd "$target/swift-bench" && pwd -P)
release=${scratch%/swift-bench}/release
sed "s:^libdir=.*:libdir=$release:" "$here/pkgconfig/partner_center.pc" >"$scratch/partner_center.pc"
export PKG_CONFIG_PATH="$scratch"

cd "$here/Bench"
# What is linked does not notice by itself that the library is another one.
rm -f "$scratch"/release/Bench
"$here/toolchain.sh" swift build --configuration release --scratch-path "$scratch" --jobs 2 >&2
exec "$here/toolchain.sh" "$scratch/release/Bench" "$@"
