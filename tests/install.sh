#!/bin/sh
# Installs what the tests run, where it is missing: Swift; Chromium with its driver and curl for the
# emulator, zsh and fish for what they complete. That takes Debian's apt, and root or sudo.
set -eu

"$(dirname "$0")/../bindings-uniffi/swift/toolchain.sh" swift --version

missing=
command -v chromium >/dev/null || missing="$missing chromium"
command -v chromedriver >/dev/null || missing="$missing chromium-driver"
command -v curl >/dev/null || missing="$missing curl"
command -v zsh >/dev/null || missing="$missing zsh"
command -v fish >/dev/null || missing="$missing fish"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "install.sh: install$missing, and put them on the path" >&2
    exit 1
fi
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get -o Acquire::Retries=3 update -q
# shellcheck disable=SC2086 # words
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends $missing
