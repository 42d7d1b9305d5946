#!/usr/bin/env bash
# The two commands of the README on a bare Debian 12: nothing but python3 and pip, from a fresh clone.
#
#   tools/bare_debian.sh FOLDER [bootstrap arguments…]      (default: test; needs root and debootstrap)
#
# FOLDER becomes the root of the system and is used again when it stands; remove it when done.
# Mirror, name service, certificates and pip's settings are this machine's own.
set -euo pipefail

root=$(realpath -m "$1")
shift
repository=$(cd "$(dirname "$0")/.." && pwd)
shared=$(dirname "$repository")/shared
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)

unmount() {
    for place in "$root/root/shared" "$root/dev/shm" "$root/dev/pts" "$root/dev" "$root/proc"; do
        mountpoint -q "$place" && umount "$place"
    done
    return 0
}

if [ ! -x "$root/usr/bin/pip3" ]; then
    debootstrap --variant=minbase --include=python3,python3-pip bookworm "$root" "$mirror"
fi
trap unmount EXIT
for place in dev dev/pts dev/shm proc; do
    mountpoint -q "$root/$place" || mount --bind "/$place" "$root/$place"
done
mkdir -p "$root/etc/ssl/certs" "$root/root/.config/pip"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
for settings in /etc/pip.conf "$HOME/.config/pip/pip.conf"; do
    [ ! -e "$settings" ] || cp "$settings" "$root/${settings/#$HOME//root}"
done
if [ -d "$shared" ]; then
    mkdir -p "$root/root/shared"
    mount --bind -o ro "$shared" "$root/root/shared"
fi
rm -rf "$root/root/crm_tui"
git clone -q "$repository" "$root/root/crm_tui"

environment=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}")
while IFS= read -r setting; do
    environment+=("$setting")
done < <(env | grep -E '^(PIP_|SSL_CERT_FILE=|https?_proxy=|no_proxy=)' || true)
time chroot "$root" /usr/bin/env -i "${environment[@]}" \
    bash -c 'cd /root/crm_tui && exec python3 bootstrap.py "$@"' bootstrap "${@:-test}"
