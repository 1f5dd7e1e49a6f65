#!/bin/sh
# `bench.sh --build`, then `bench.sh ARGUMENTS...`: the program in Bench, which measures this package.
# Needs Cargo's release library.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
target=${CARGO_TARGET_DIR:-$here/../../target}
mkdir -p "$target/swift-bench"
scratch=$(cd "$target/swift-bench" && pwd -P)
release=${scratch%/swift-bench}/release
sed "s:^libdir=.*:libdir=$release:" "$here/pkgconfig/partner_center.pc" >"$scratch/partner_center.pc"
export PKG_CONFIG_PATH="$scratch"

cd "$here/Bench"
if [ "$1" = --build ]; then
    # What is linked does not notice by itself that the library is another one.
    rm -f "$scratch"/release/Bench
    exec "$here/toolchain.sh" swift build --configuration release --scratch-path "$scratch" --jobs 2
fi
exec "$here/toolchain.sh" "$scratch/release/Bench" "$@"
