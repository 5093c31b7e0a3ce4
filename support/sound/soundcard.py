"""A virtual sound card in user space: PulseAudio in a folder of its own, with three null sinks.

mic  the microphone: ALSA's capture devices `default` and `fixed` record the sound that is played into this sink
spk  the loudspeaker of browsers and players: its monitor is the sound that a listener hears
aux  a spare sink, into which a measurement plays its control tone

A card with seats also has the sources microphone1, microphone2 …, because Chromium lists no monitor as a microphone.
The first seat has the sinks mic and spk, the second seat mic2 and spk2, and so on.

Several cards can run at the same time. Needs Debian's pulseaudio, pulseaudio-utils and libasound2-plugins.
"""

import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from support import processes
from support.waiting import TIMEOUT, wait_until

RATE = 48000

_ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default { type pulse device "mic.monitor" hint { show on description "Virtual microphone" } }
pcm.fixed { type plug slave { pcm { type pulse device "mic.monitor" } rate %d } }
ctl.!default { type pulse }
"""


@dataclass(frozen=True)
class Seat:
    """The place of one person: a microphone and a loudspeaker of a card. A browser takes a seat instead of a card."""

    # The sink into which a test plays the sound of the microphone.
    mic: str
    # The sink that the loudspeaker plays.
    spk: str
    # The name of the source that browsers capture, and its label in a list of devices.
    source: str
    label: str
    # A child process that is started with this environment uses this microphone and this loudspeaker by default.
    environment: dict


class SoundCard:
    """To be used with `with`. A child process that is started with `environment` plays and captures on this card.
    `seats` is the number of persons with a microphone that every browser can open. With seats, browsers run at 48 kHz
    as most hardware does."""

    def __init__(self, seats=0):
        self._folder = tempfile.TemporaryDirectory(prefix="card.")
        folder = Path(self._folder.name)
        socket = folder / "native"
        self._configuration = folder / "asound.conf"
        self.set_rate(RATE)
        self.environment = os.environ | {
            "PULSE_SERVER": f"unix:{socket}", "ALSA_CONFIG_PATH": str(self._configuration),
            "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder),
        }
        self.seats = [self._seat(number) for number in range(1, seats + 1)]
        sinks = dict.fromkeys(["mic", "spk", "aux", *(sink for seat in self.seats for sink in (seat.mic, seat.spk))])
        # The number of PulseAudio's module of each microphone that is plugged in.
        self._modules = {}
        if seats:
            # Browsers open their devices at the daemon's own rate, which is 44.1 kHz without this file.
            configuration = folder / "daemon.conf"
            configuration.write_text(f"default-sample-rate = {RATE}\n")
            self.environment["PULSE_CONFIG"] = str(configuration)
        self._log = folder / "log"
        self._command = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no",
            "--high-priority=no", "--log-target=stderr",
            "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            # Without norewinds PulseAudio renders a sink two seconds ahead. A recording that starts within these
            # seconds would be silent.
            *(part for sink in sinks
              for part in ("-L", f"module-null-sink sink_name={sink} rate={RATE} channels=2 norewinds=1")),
        ]
        self._daemon = None
        self._children = []
        self.plug()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for child in self._children:
            processes.end(child)
        self.unplug()
        self._folder.cleanup()

    def plug(self):
        with open(self._log, "ab") as log:
            self._daemon = processes.start(self._command, env=self.environment, stdout=log, stderr=log)
        wait_until(
            lambda: self._control("set-default-sink", "spk") and self._control("set-default-source", "mic.monitor"),
            TIMEOUT, lambda: f"PulseAudio answers\n{self._log.read_text()}")
        for seat in self.seats:
            self.plug_microphone(seat)

    def unplug(self):
        """Unplugs the card: reads fail, and opening the card fails."""
        if self._daemon:
            processes.end(self._daemon)
            self._daemon = None
            self._modules = {}

    def plug_microphone(self, seat):
        """Plugs the microphone of a seat in. With the first one, the default source is no monitor any more."""
        self._modules[seat.source] = self._pactl(
            "load-module", "module-remap-source", f"master={seat.mic}.monitor", f"source_name={seat.source}",
            f"rate={RATE}", "channels=2", f"source_properties='device.description=\"{seat.label}\"'")
        if seat is self.seats[0]:
            self._pactl("set-default-source", seat.source)

    def hang_microphone(self, seat):
        """Makes the microphone of a seat hang: its source delivers no more sound, and no browser is told. A microphone
        that is unloaded would not do: PulseAudio moves a browser's recording to another source then."""
        self._pactl("suspend-source", seat.source, "1")

    def freeze(self):
        """Makes the card hang: no call fails, and no sound arrives."""
        self._daemon.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._daemon.send_signal(signal.SIGCONT)

    def set_rate(self, rate):
        """Sets the only sample rate of the capture device `fixed`. A device that is open already keeps its rate."""
        self._configuration.write_text(_ALSA % rate)

    def play(self, sink, data, channels=1, buffer=2000):
        """Plays s16le bytes at 48 kHz. The player buffers `buffer` milliseconds, so that a busy machine causes no gap.
        Returns the player's process, which ends after the last byte."""
        player = processes.start(self._pacat(sink, channels, buffer), env=self.environment, stdin=subprocess.PIPE)
        self._children.append(player)
        threading.Thread(target=_feed, args=(player, data), daemon=True).start()
        return player

    def record(self, sink):
        """Starts to record the sound of a sink, mixed to mono."""
        return Recorder(self._parec(sink))

    def loop(self, sink, other):
        """Copies the sound of a sink into another sink, with the smallest buffer that causes no gap on a test
        machine."""
        child = self._parec(sink)
        self._children.append(processes.start(self._pacat(other, 1, 60), env=self.environment, stdin=child.stdout))

    def streams(self):
        """The streams of all programs, as PulseAudio lists them."""
        return "".join(self._pactl("list", kind) for kind in ("sink-inputs", "source-outputs"))

    def _parec(self, sink):
        child = processes.start(
            ["parec", "--device", f"{sink}.monitor", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1",
             "--latency-msec=20"], env=self.environment, stdout=subprocess.PIPE)
        self._children.append(child)
        return child

    def _pacat(self, sink, channels, buffer):
        return ["pacat", "--device", sink, "--raw", "--format=s16le", f"--rate={RATE}", f"--channels={channels}",
                f"--latency-msec={buffer}"]

    def _seat(self, number):
        mic, spk = ("mic", "spk") if number == 1 else (f"mic{number}", f"spk{number}")
        source = f"microphone{number}"
        environment = self.environment | {"PULSE_SINK": spk, "PULSE_SOURCE": source}
        return Seat(mic, spk, source, f"Microphone {number}", environment)

    def _control(self, *arguments):
        return processes.run(["pactl", *arguments], env=self.environment).returncode == 0

    def _pactl(self, *arguments):
        """The answer of PulseAudio, which must accept the command."""
        result = processes.run(["pactl", *arguments], env=self.environment)
        if result.returncode != 0:
            raise AssertionError(f"pactl {' '.join(arguments)}: {result.stderr.decode()}")
        return result.stdout.decode().strip()


@dataclass(frozen=True)
class Recording:
    # The time of the first sample on the monotonic clock, in seconds.
    start: float
    # Float32 in [-1, 1], mono, at RATE.
    sound: np.ndarray


class Recorder:
    """Records until `stop`."""

    def __init__(self, child):
        self._child = child
        self._chunks = []
        self._start = float("inf")
        self._count = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while chunk := os.read(self._child.stdout.fileno(), 1 << 16):
            self._count += len(chunk) // 2
            # Delays make a chunk late and never early. So the earliest estimate is the start of the recording.
            self._start = min(self._start, time.monotonic() - self._count / RATE)
            self._chunks.append(chunk)

    @property
    def seconds(self):
        return self._count / RATE

    @property
    def is_sounding(self):
        """Whether the last chunk is louder than silence."""
        return bool(self._chunks) and bool((np.abs(_samples(self._chunks[-1])) > 0.01).any())

    def wait(self, seconds):
        """Waits until `seconds` are recorded, by the card's clock."""
        wait_until(
            lambda: self.seconds >= seconds, 2 * seconds + 10, lambda: f"{seconds} s recorded; {self.seconds} are")

    def stop(self):
        self._child.terminate()
        self._thread.join()
        processes.end(self._child)
        return Recording(self._start, _samples(b"".join(self._chunks)))


def _samples(data):
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / 32768


def _feed(player, data):
    try:
        player.stdin.write(data)
        player.stdin.close()
    except (BrokenPipeError, ValueError):
        pass  # The player was ended before the last byte.
