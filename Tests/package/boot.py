"""Boots a clean Debian with the package in a virtual machine, and tests the service there. Needs root.

usage: boot.py PACKAGE

systemd runs the service in its sandbox. The sound card has a driver of the kernel, and is unplugged and plugged in
again. The machine runs guest.sh, whose output on the console is printed.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from clean import run, system

GUEST = Path(__file__).with_name("guest.sh")
# The longest run, in seconds. Without hardware support a virtual machine is a dozen times slower.
TIMEOUT = 900
CARD = {"driver": "AC97", "id": "card", "audiodev": "nothing"}
SERVICE = """\
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/guest
ExecStopPost=systemctl --no-block poweroff
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS0
[Install]
WantedBy=graphical.target
"""


def prepare(package, folder):
    """Creates the disk, the kernel and the initial file system in `folder`."""
    with system(package, "systemd-sysv", "udev", "kmod", "linux-image-amd64", "iproute2", "curl") as clean:
        clean.install_file(package)
        shutil.copy(GUEST, clean.root / "usr/local/sbin/guest")
        (clean.root / "etc/systemd/system/guest.service").write_text(SERVICE)
        clean.run("systemctl", "enable", "guest")
        clean.run("systemctl", "set-default", "graphical.target")
        clean.close()
        for name in ("vmlinuz", "initrd.img"):
            shutil.copy(clean.root / name, folder / name)
        run("truncate", "--size", "3G", folder / "disk")
        run("mkfs.ext4", "-q", "-E", "root_owner=0:0", "-d", clean.root, folder / "disk")


class Machine:
    """A virtual machine, which runs until it turns itself off."""

    def __init__(self, folder):
        control = folder / "control"
        card = ",".join([CARD["driver"], *(f"{name}={value}" for name, value in CARD.items() if name != "driver")])
        self._process = subprocess.Popen(
            ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-display", "none", "-nic", "none",
             "-serial", "stdio", "-qmp", f"unix:{control},server=on,wait=off",
             "-audiodev", "none,id=nothing", "-device", card,
             "-drive", f"file={folder / 'disk'},if=virtio,format=raw",
             "-kernel", folder / "vmlinuz", "-initrd", folder / "initrd.img",
             "-append", "root=/dev/vda rw console=ttyS0 quiet systemd.show_status=0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace")
        self._control = control
        self._watchdog = threading.Timer(TIMEOUT, self._process.kill)
        self._watchdog.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._watchdog.cancel()
        self._process.kill()
        self._process.wait()

    @property
    def lines(self):
        for line in self._process.stdout:
            yield line.rstrip()

    def do(self, command, **arguments):
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self._control))
            answers = control.makefile()
            answers.readline()
            for name, values in [("qmp_capabilities", {}), (command, arguments)]:
                control.sendall(json.dumps({"execute": name, "arguments": values}).encode())
                answer = json.loads(answers.readline())
                if "error" in answer:
                    sys.exit(f"{command}: {answer['error']['desc']}")


def main():
    package = Path(sys.argv[1]).resolve()
    failed, done = [], False
    with tempfile.TemporaryDirectory(prefix="boot.") as folder:
        prepare(package, Path(folder))
        with Machine(Path(folder)) as machine:
            for line in machine.lines:
                message = re.search(r"guest: (\w+):? ?(.*)", line)
                if not message:
                    # The log of the failed service follows the failure.
                    if failed:
                        print(f"    {line}", flush=True)
                    continue
                word, text = message.groups()
                if word == "unplug":
                    machine.do("device_del", id=CARD["id"])
                elif word == "plug":
                    machine.do("device_add", **CARD)
                elif word == "done":
                    done = True
                else:
                    print(f"{word:7} {text}", flush=True)
                if word == "failed":
                    failed.append(text)
    if failed or not done:
        sys.exit(f"failed: {', '.join(failed) or 'the test did not finish'}")


if __name__ == "__main__":
    main()
