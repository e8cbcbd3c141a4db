#!/bin/bash
# What docs/deploy/openbell.service does under a living systemd. As root, on a machine of
# no worth (a container will do) where the unit is installed as its head says and runs.
# It stops, kills and misconfigures it, and says "ok" or "WRONG" of each promise.
set -u
unit=openbell.service
env=/etc/openbell/openbell.env
drop=/run/systemd/system/$unit.d

shown() { systemctl show -P "$1" "$unit"; }
check() { # what, found, wanted
  if [[ $2 == "$3" ]]; then echo "ok    $1: $2"; else echo "WRONG $1: $2, not $3"; wrong=1; fi
}
until_so() { # seconds, command ...
  for ((left = $1; left > 0; left--)); do "${@:2}" && return; sleep 1; done
}
restarted() { [[ $(shown NRestarts) == "$1" && $(shown ActiveState) == active ]]; }
of_process() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$(shown MainPID)/status"; }
wrong=0

systemctl start "$unit"
check "a start waits until it is ready" "$(shown ActiveState)" active
check "no capability" "$(of_process CapEff) $(of_process CapBnd)" "0000000000000000 0000000000000000"
check "nor a way to one; calls are filtered" "$(of_process NoNewPrivs) $(of_process Seccomp)" "1 2"

mkdir -p "$drop"
printf '[Service]\nWatchdogSec=8\n' > "$drop/drill.conf"
systemctl daemon-reload
systemctl restart "$unit"
sleep 20
check "the watchdog is fed" "$(shown NRestarts) $(shown ActiveState)" "0 active"
kill -STOP "$(shown MainPID)"
until_so 60 restarted 1
check "what stands still is started again" "$(shown NRestarts) $(shown ActiveState)" "1 active"
kill -KILL "$(shown MainPID)"
until_so 60 restarted 2
check "what crashes, too" "$(shown NRestarts) $(shown ActiveState)" "2 active"

cp -p "$env" "$env.drill"
echo OPENBELL_SHRES=7 >> "$env"
systemctl restart "$unit" 2> /dev/null
sleep 12
check "wrong settings are left alone" "$(shown ActiveState) $(shown ExecMainStatus) $(shown NRestarts)" "failed 2 0"
mv "$env.drill" "$env"

rm -r "$drop"
systemctl daemon-reload
systemctl start "$unit"
systemctl stop "$unit"
check "it ends in order" "$(shown ActiveState) $(shown Result) $(shown ExecMainStatus)" "inactive success 0"
systemctl start openbell-backup.service
check "a copy is made" "$(systemctl show -P Result openbell-backup.service)" success
systemctl start "$unit"
exit "$wrong"
