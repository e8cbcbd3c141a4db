#!/bin/bash
# A living systemd, as process 1 of namespaces of its own, with docs/deploy's units
# installed as their heads say. As root, on Linux with overlayfs and cgroup 2; the
# machine's own files are beneath, and what is written goes to FOLDER.
#
#   systemd.sh FOLDER PYTHON PACKAGES      # until it is killed; FOLDER/root is its root
#
# PYTHON is the folder of an interpreter, PACKAGES that of what the lock names.
set -eu
folder=$1 python=$2 packages=$3
checkout=$(cd "$(dirname "$0")/../.." && pwd)

if [ "${4:-}" != inside ]; then
  group=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/$(basename "$folder")
  mkdir "$group"
  echo $$ > "$group/cgroup.procs"
  exec unshare --mount --propagation private --pid --fork --kill-child --uts --ipc \
    --cgroup bash "$0" "$folder" "$python" "$packages" inside
fi

root=$folder/root
mkdir -p "$root" "$folder/written" "$folder/work"
mount -t overlay overlay "$root" \
  -o "lowerdir=/,upperdir=$folder/written,workdir=$folder/work"
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for each in null zero full random urandom tty; do
  touch "$root/dev/$each"
  mount --bind "/dev/$each" "$root/dev/$each"
done
mkdir "$root/dev/"{pts,shm} "$root/run/lock"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

rm -rf "$root"/etc/systemd/system/* "$root"/var/log/journal
mkdir -p "$root/var/log/journal"
cp "$checkout"/docs/deploy/*.service "$checkout"/docs/deploy/*.timer \
  "$root/etc/systemd/system/"
cat > "$root/etc/systemd/system/alone.target" << END
[Unit]
Requires=systemd-journald.service
After=systemd-journald.service
END

installed=/usr/local/lib/openbell
rm -rf "${root:?}$installed"
mkdir -p "$root$installed/"{python,packages,checkout} "$root/etc/openbell"
chmod 0700 "$root/etc/openbell"
mount --bind "$python" "$root$installed/python"
mount --bind "$packages" "$root$installed/packages"
cp -r "$checkout"/{bot,core,tests} "$root$installed/checkout/"
echo "$installed/python/lib" > "$root/etc/ld.so.conf.d/00-openbell.conf"
chroot "$root" ldconfig # where its library is shared: the unit hides the home it is from
chroot "$root" useradd --system --shell /usr/sbin/nologin openbell
chroot "$root" "$installed/python/bin/python3" -m venv --without-pip "$installed"
for each in packages checkout; do
  echo "$installed/$each"
done > "$(echo "$root$installed"/lib/python3*/site-packages)/beside.pth"
cat > "$root$installed/bin/openbell" << END
#!$installed/bin/python3
import sys
from bot.__main__ import main
sys.exit(main())
END
chmod 0755 "$root$installed/bin/openbell"

cd "$root"
mkdir -p before
pivot_root . before
umount -l before
mount --make-rshared / # as nspawn does it: credentials are mounted by a child
exec env -i container=alone PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --unit=alone.target --show-status=no
