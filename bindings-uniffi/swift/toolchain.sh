#!/bin/sh
# Runs a command with Swift 6: `toolchain.sh swift build`, `toolchain.sh swift-test --parallel`.
#
# A new enough `swift` on the path is used as it is. Where there is none, the one of Debian 13 is
# installed once into the user's cache folder, and the command runs in there as the same user, with
# the repository, Cargo's target folder and /tmp at their own paths and the machine's own network.
# That takes apt and root, or sudo. To be rid of it or to have it made anew, delete the folder.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}
root=$cache/partner-center/swift-6.0-debian-13
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
# Debian keeps swift-build and swift-test off the path.
swift=/usr/libexec/swift/bin

# As root, in a mount namespace of its own: every mount goes with it, however the run ends.
privately() {
    if [ "$(id -u)" = 0 ]; then
        unshare --mount --propagation private "$here/toolchain.sh" "$@"
    else
        sudo -E XDG_CACHE_HOME="$cache" \
            unshare --mount --propagation private "$here/toolchain.sh" "$@"
    fi
}

system() { # root
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
}

set_up() {
    export DEBIAN_FRONTEND=noninteractive
    if ! command -v debootstrap; then
        apt-get -o Acquire::Retries=3 update -q
        apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends \
            debootstrap debian-archive-keyring
    fi
    # What an interrupted installation left behind.
    rm -rf --one-file-system "$root.new"
    debootstrap --variant=minbase --include=ca-certificates trixie "$root.new"
    system "$root.new"
    chroot "$root.new" apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends \
        swiftlang libc6-dev libstdc++-14-dev libgcc-14-dev
    chroot "$root.new" apt-get clean
    umount --recursive "$root.new/dev" "$root.new/proc"
    echo 127.0.0.1 localhost >"$root.new/etc/hosts"
    mv "$root.new" "$root"
}

inside() { # user:group folder command...
    user=$1 folder=$2 home=/home/${1%:*}
    shift 2
    system "$root"
    for shared in /tmp "$(dirname "$(dirname "$here")")" "${CARGO_TARGET_DIR:-/tmp}" "$folder"; do
        mkdir -p "$root$shared"
        mount --bind "$shared" "$root$shared"
    done
    install -d -o "${user%:*}" -g "${user#*:}" "$root$home"
    exec chroot --userspec="$user" "$root" \
        /usr/bin/env --chdir="$folder" \
        --unset=TMPDIR --unset=XDG_CACHE_HOME --unset=LD_LIBRARY_PATH \
        HOME="$home" LC_ALL=C.UTF-8 PATH="/usr/local/bin:/usr/bin:/bin:$swift" "$@"
}

case $1 in
--set-up)
    set_up
    exit
    ;;
--inside)
    shift
    inside "$@"
    ;;
esac

PATH=$PATH:$swift
found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\).*/\1/p' | head -n 1)
if [ "${found:-0}" -ge 6 ]; then
    exec "$@"
elif ! command -v apt-get >/dev/null; then
    echo 'toolchain.sh: Swift 6 is not on the path; see https://www.swift.org/install' >&2
    exit 1
fi
mkdir -p "$cache/partner-center"
(
    # A second run waits for the first one's installation.
    flock 9
    if [ ! -d "$root" ]; then
        echo "toolchain.sh: installing Swift into $root" >&2
        privately --set-up >&2
    fi
) 9>"$cache/partner-center/lock"
privately --inside "$(id -u):$(id -g)" "$(pwd -P)" "$@"
