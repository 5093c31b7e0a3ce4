#!/bin/bash
# Runs in the virtual machine of boot.py. boot.py reads the output and handles the sound card.
set -u
config=/etc/ringcast/ringcast.conf

say() { echo "guest: $*"; }
check() {
  local name=$1
  shift
  for _ in $(seq 90); do
    if "$@"; then say "ok: $name"; return; fi
    sleep 1
  done
  say "failed: $name"
  systemctl status --no-pager ringcast
  journalctl -u ringcast --no-pager | tail -30
}
both() { for each; do $each || return; done; }
state() { [ "$(systemctl is-active ringcast)" = "$1" ]; }
property() { systemctl show --property "$1" --value ringcast; }
is() { [ "$(property "$1")" "$2" "$3" ]; }
playlist() { curl -sf "http://${1:-localhost:8080}/live.m3u8"; }
serves() { playlist "$@" | grep -q '^live/'; }
sequence() { playlist | sed -n 's/^live.\([0-9]*\).*/\1/p' | tail -1; }
is_past() { [ "$(sequence)" -gt "$1" ] 2>/dev/null; }
logged() { journalctl -u ringcast --no-pager -o cat | grep -q -- "$1"; }
# Sets a value in the file, in place of a comment or of another value.
setting() { sed -i "s/^$1 = .*/$1 = $2/" "$config"; }

records() { logged 'source: alsa:default'; }
check "the service is there and records the sound card" both "state active" records serves

is_another() { local now; now=$(property MainPID); [ "$now" -gt 0 ] && [ "$now" -ne "$1" ]; }
has_its_ring() { journalctl --no-pager -o cat _PID="$(property MainPID)" | grep -q 'restore: [1-9][0-9]* segments'; }

killed() {
  local pid
  pid=$(property MainPID)
  kill "-$1" "$pid"
  check "$2" is_another "$pid"
  check "$2, and its ring is restored" has_its_ring
  check "$2, and it serves" serves
}
killed KILL "killed, it is restarted"
killed STOP "frozen, it is restarted by the watchdog"

systemctl reload ringcast
check "a reload reads the files again" logged 'reload: done'

setting port 80
systemctl restart ringcast
check "port 80 can be used" serves localhost:80
setting port 8080

setting host 192.0.2.7
systemctl restart ringcast
check "without its address the service restarts repeatedly" is NRestarts -ge 7
ip address add 192.0.2.7/32 dev lo
check "with its address the service serves" serves 192.0.2.7:8080
setting host 127.0.0.1

echo 'ring-size = 2' >>"$config"
systemctl restart ringcast
check "an invalid setting is named in the log" logged 'ring-size 2: it must be'
sleep 5
check "and the service is not restarted" both "state failed" "is NRestarts -eq 0"
sed -i '$d' "$config"
systemctl restart ringcast
check "with a valid setting the service serves" serves

before=$(sequence)
say unplug
check "the sound card is unplugged" logged 'silence is sent until it is back'
check "and the stream goes on" is_past "$((before + 10))"
say plug
check "the sound card is plugged in again and used" logged 'source: back after'

say "note: $(systemd-analyze security --no-pager ringcast | tail -1)"
systemctl stop ringcast
check "it stops" both "state inactive" "is Result = success"
apt-get purge -y ringcast >/dev/null 2>&1
gone() { ! id ringcast && ! systemctl cat ringcast && [ ! -e /var/lib/ringcast ] && [ ! -e /etc/ringcast ]; } >/dev/null 2>&1
check "it is purged" gone
say done
