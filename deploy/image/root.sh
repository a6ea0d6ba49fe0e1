#!/bin/sh
# Become a command in the root of an image, as in a container: the root read-only, /tmp and /run empty, no shell, USER alone.
# It is run by `unshare --mount`, so that what is mounted here goes with the process; `exec` leaves signals to the command.
# usage: root.sh ROOT SECRETS USER GROUP DIRECTORY COMMAND...
set -eu
root=$1 secrets=$2 user=$3 group=$4 directory=$5
shift 5
mount --bind "$root" "$root"
for shell in "$root"/usr/bin/dash "$root"/usr/bin/bash; do
    mount --bind /dev/null "$shell"
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o nosuid,nodev,noexec,size=64m tmpfs "$root/tmp"
mount -t tmpfs -o nosuid,nodev,noexec,size=1m,mode=755 tmpfs "$root/run"
mkdir "$root/run/secrets"
mount --bind "$secrets" "$root/run/secrets"
mount -o remount,bind,ro "$root/run/secrets"
mount -o remount,bind,ro,nosuid,nodev "$root"
exec unshare --root="$root" --wd="$directory" --setgid="$group" --setuid="$user" -- "$@"
