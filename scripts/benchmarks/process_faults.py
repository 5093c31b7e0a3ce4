"""Faults of the process, the disk and the machine's clock: rows of `scripts/bench faults`."""

import contextlib
import random
import signal
import tempfile
import time
from pathlib import Path

from scripts.benchmarks.growing_reader import GrowingReader
from scripts.benchmarks.fault_table import LONGEST_WAIT, fault
from support import browsers
from support.browsers.page import Page
from support.clients.restart_observer import RestartObserver
from support.formats import hls, mp3
from support.machine.disk import Disk, SlowDiskCalls, is_complete
from support.machine.wall_clock import WallClock
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import wait_until

RING = 10
FLAGS = ["--source", "tone", "--segment-length", 1, "--ring-size", RING]
KILLS = 100
KILLS_OF_PAGE = 10
# Listeners of growing segments, beside the listeners of playlists and parts.
GROWING = 30
# The longest until a page plays sound from after a kill, until a folder is complete again, and until dates are right,
# in seconds.
LONGEST_SILENCE = 6.0
LONGEST_MENDING = 5.0
LONGEST_DATING = 6.0


@fault("killed 100 times at any instant")
def killed():
    chance = random.Random(8216)
    kept = 0
    with tempfile.TemporaryDirectory(prefix="sound.") as sound, contextlib.ExitStack() as stack:
        def start(port=0):
            return stack.enter_context(Server(*FLAGS, sound=sound, port=port))
        server = start()
        with RestartObserver(server.host, server.port, GROWING) as observer:
            observer.wait_beyond(0, 10)
            for count in range(KILLS):
                time.sleep(chance.uniform(0, 2))
                server.kill()
                _check_folder(Path(sound) / "live")
                listed = observer.last
                server = start(server.port)
                kept += server.playlist().media_sequence <= listed
                if count % 10 == 9:
                    observer.check_all()
            observer.wait_beyond(observer.last, 10)
            observer.check_all()
    bodies = observer.bodies
    if kept < KILLS:
        raise AssertionError(f"the ring was there again after {kept} of {KILLS} kills")
    return (f"{bodies.answers} answers for {len(bodies.uris)} URLs, none with another body; "
            f"{bodies.completed_later} cut off and whole later; the ring kept {kept} times")


def _check_folder(folder):
    playlist = hls.read((folder / "live.m3u8").read_bytes())
    for entry in playlist.entries:
        mp3.segment((folder / entry.uri).read_bytes())
    if len(list(folder.glob("*.mp3"))) > RING:
        raise AssertionError(f"more than {RING} segments: {sorted(folder.iterdir())}")


@fault("killed ten times under a playing page")
def killed_under_page():
    chance = random.Random(8216)
    longest = 0
    with contextlib.ExitStack() as stack:
        card = stack.enter_context(SoundCard())
        sound = stack.enter_context(tempfile.TemporaryDirectory(prefix="sound."))
        server = stack.enter_context(Server(*FLAGS, sound=sound))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        page = Page(stack.enter_context(browsers.Chromium(card)), server)
        page.wait_playing()
        page.browser.evaluate("window.marker = 'the same page'")
        for _ in range(KILLS_OF_PAGE):
            time.sleep(chance.uniform(3, 6))
            server.kill()
            began = time.monotonic()
            page.server = server = stack.enter_context(Server(*FLAGS, sound=sound, port=server.port))
            fresh = server.playlist().last
            page.wait(
                lambda now: now["state"] == "playing" and (now["sequence"] or 0) > fresh, 20,
                "playback after the restart")
            longest = max(longest, time.monotonic() - began)
        if page.browser.evaluate("window.marker") != "the same page":
            raise AssertionError("the page was loaded again")
        behind = page.snapshot()["behindLive"]
    if longest > LONGEST_SILENCE:
        raise AssertionError(f"new sound only after {longest:.1f} s")
    return f"new sound at most {longest * 1000:.0f} ms after the kill, in the end {behind:.1f} s behind live"


class Bystander:
    """A server and its listener, which must not notice the fault."""

    def __init__(self, **options):
        self.server = Server(*FLAGS, **options)
        self.listener = GrowingReader(self.server)
        self.settle()
        self.began = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()

    def settle(self, count=5):
        wanted = len(self.listener.completed) + count
        wait_until(
            lambda: len(self.listener.completed) >= wanted or self.listener.error, 30, lambda: f"\n{self.server.log}")

    def lines(self):
        return [line for line in self.server.log.splitlines() if " error: " in line or " warning: " in line]

    def result(self, longest=LONGEST_WAIT):
        self.listener.finish()
        waited = self.listener.longest_wait(self.began)
        if waited > longest or len(self.lines()) != 1:
            raise AssertionError(f"longest wait {waited:.3f} s, {len(self.lines())} lines\n{self.server.log}")
        return f"longest wait {waited * 1000:.0f} ms, {len(self.lines())} line in the log"


def _disk(disk, fails, mends, seconds=20):
    with disk, Bystander(sound=disk.path) as bystander:
        fails(bystander)
        time.sleep(seconds)
        began = time.monotonic()
        mends(bystander)
        wait_until(
            lambda: is_complete(disk.path / "live", bystander.server.playlist()), 30,
            lambda: f"the folder is complete\n{bystander.server.log}")
        took = time.monotonic() - began
        bystander.server.wait_log("written again", 30)
        if took > LONGEST_MENDING:
            raise AssertionError(f"complete only after {took:.1f} s")
        return f"{bystander.result()}, complete again after {took:.1f} s"


@fault("disk full for 20 s")
def full():
    # Room for about six segments.
    disk = Disk(size="104k")
    return _disk(disk, lambda _: None, lambda _: disk.remount("size=1m"))


@fault("disk read-only for 20 s")
def read_only():
    disk = Disk()
    return _disk(disk, lambda _: disk.remount("ro"), lambda _: disk.remount("rw"))


@fault("disk pulled out for 20 s, and exchanged")
def removed():
    disk = Disk()
    return _disk(disk, lambda _: disk.remove(), lambda _: disk.mount())


@fault("disk takes 3 s a call, for a minute")
def slow():
    held = contextlib.ExitStack()
    with held:
        return _disk(
            Disk(), lambda bystander: held.enter_context(SlowDiskCalls(bystander.server.process, 3)),
            lambda _: held.close(), 60)


def _clock(seconds, frozen=0):
    with WallClock() as clock, Bystander(environment=clock.environment) as bystander:
        if frozen:
            bystander.server.process.send_signal(signal.SIGSTOP)
            time.sleep(frozen)
        clock.step(seconds)
        if frozen:
            bystander.server.process.send_signal(signal.SIGCONT)
        began = time.monotonic()

        def is_dated():
            entry = hls.parse(bystander.server.get("/live.m3u8")).entries[-1]
            return abs(clock.time() - entry.date.timestamp() - float(entry.duration)) < 1.5
        wait_until(is_dated, 20, "right dates")
        took = time.monotonic() - began
        bystander.settle()
        if took > LONGEST_DATING:
            raise AssertionError(f"dates are right only after {took:.1f} s")
        return f"{bystander.result(LONGEST_WAIT + frozen)}, dates right after {took:.1f} s"


@fault("clock set an hour ahead")
def ahead():
    return _clock(3600)


@fault("clock set an hour back")
def back():
    return _clock(-3600)


@fault("machine asleep for eight hours")
def asleep():
    # The process stops for three seconds. In a real sleep the monotonic clock would stop, too.
    return _clock(8 * 3600, frozen=3)
