#!/bin/bash
# Runs in the virtual machine of boot.py, which reads what it says and handles the sound card.
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
# A setting that is no more than a comment in the file, or has another value.
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
  check "$2, and its ring goes on" has_its_ring
  check "$2, and it serves" serves
}
killed KILL "killed, it is started again"
killed STOP "standing still, it is started again by the watchdog"

systemctl reload ringcast
check "it reads its files again" logged 'reload: done'

setting port 80
systemctl restart ringcast
check "it may have port 80" serves localhost:80
setting port 8080

setting host 192.0.2.7
systemctl restart ringcast
check "its address is not there, and it is tried again and again" is NRestarts -ge 7
ip address add 192.0.2.7/32 dev lo
check "its address comes, and it serves" serves 192.0.2.7:8080
setting host 127.0.0.1

echo 'ring-size = 2' >>"$config"
systemctl restart ringcast
check "a setting that breaks a rule is named" logged 'ring-size 2: it must be'
sleep 5
check "and not tried again" both "state failed" "is NRestarts -eq 0"
sed -i '$d' "$config"
systemctl restart ringcast
check "it is mended, and it serves" serves

before=$(sequence)
say unplug
check "the sound card is unplugged" logged 'silence is sent until it is back'
check "and the stream goes on" is_past "$((before + 10))"
say plug
check "it is plugged in again and heard" logged 'source: back after'

say "note: $(systemd-analyze security --no-pager ringcast | tail -1)"
systemctl stop ringcast
check "it stops" both "state inactive" "is Result = success"
apt-get purge -y ringcast >/dev/null 2>&1
gone() { ! id ringcast && ! systemctl cat ringcast && [ ! -e /var/lib/ringcast ] && [ ! -e /etc/ringcast ]; } >/dev/null 2>&1
check "it is purged" gone
say done
