"""The latency from a virtual microphone to a virtual loudspeaker, through ringcast and comparable servers.

A pilot tone with a coded burst each second is played into the microphone of a virtual sound card. A server captures it
as an ALSA device. A headless browser plays the server's page into the loudspeaker. Both ends are recorded on one clock.
"""

import argparse
import sys
import textwrap
import traceback
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Callable

import numpy as np

from scripts.benchmarks import machine, signal_paths, waiting_times
from scripts.benchmarks.talk import talk_paths, talk_times
from support import browsers
from support.browsers.heard_talk import SEATS
from support.proxies import edges
from support.server import program
from support.sound import ear, signals
from support.sound.hearing import SETTLING
from support.sound.soundcard import SoundCard

# Some players are a dozen seconds late, and each burst needs several repetitions.
LEAST_SECONDS, MOST_SECONDS = 20, 3600
# The longest start of a server and a browser, in seconds.
PREPARATION = 150


@dataclass(frozen=True)
class SignalPath:
    title: str
    listen: Callable
    # The latency to reach and the latency to aim for, in ms.
    reach: int | None = None
    aim: int | None = None
    # The persons at the card: see SoundCard.
    seats: int = 0


@dataclass(frozen=True)
class WaitingTimes:
    measure: Callable
    # (title, time to reach, time to aim for) of each measured time, in ms.
    rows: list


@dataclass(frozen=True)
class StartedPage:
    title: str
    Browser: type
    query: str = ""


PATHS = {
    "card": SignalPath("the card alone, a player behind a recorder", signal_paths.card_alone),
    "hls": SignalPath("ffmpeg and nginx, HLS of 2 s, Chromium", signal_paths.hls),
    "icecast": SignalPath("ffmpeg and Icecast, Chromium", signal_paths.icecast),
    "chromium": SignalPath("**ringcast, Chromium**", signal_paths.page(browsers.Chromium, "mse-mp3"), 500, 350),
    "live": SignalPath("**ringcast, Chromium, as live as possible**",
                signal_paths.page(browsers.Chromium, "webcodecs", "?latency=live"), 350, 220),
    "firefox": SignalPath("**ringcast, Firefox**", signal_paths.page(browsers.Firefox, "mse-mp4"), 800, 450),
    "webkit": SignalPath("**ringcast, WebKit**", signal_paths.page(browsers.WebKit, "mse-mp3"), 1000, 600),
    "varnish": SignalPath(
        "**ringcast, through Varnish, Chromium**", signal_paths.page(browsers.Chromium, "mse-mp3", Edge=edges.Varnish)),
    "nginx": SignalPath(
        "**ringcast, through nginx, Chromium**", signal_paths.page(browsers.Chromium, "mse-mp3", Edge=edges.Nginx)),
    "client": SignalPath(
        "**ffmpeg as a source client → ringcast, Chromium**", signal_paths.source_client, 1000, 600),
    "janus": SignalPath(
        "Janus' AudioBridge, Chromium → Chromium", talk_paths.janus, seats=SEATS),
    "talk-pcm": SignalPath(
        "**ringcast's room, Chromium → Chromium, PCM**", talk_paths.talk(query="?sound=pcm16"), 140, 95,
        SEATS),
    "talk-opus": SignalPath(
        "**ringcast's room, Chromium → Chromium, Opus**", talk_paths.talk(), 150, 110, SEATS),
    "talk-worklet": SignalPath(
        "**ringcast's room, Chromium → Chromium, captured by the worklet**",
        talk_paths.talk(query="?capture=worklet"), 200, 140, SEATS),
    "talk-firefox": SignalPath(
        "**ringcast's room, Chromium → Firefox**", talk_paths.talk(browsers.Firefox), 230, 160, SEATS),
    "talk-webkit": SignalPath(
        "**ringcast's room, Chromium → WebKit**", talk_paths.talk(browsers.WebKit), 230, 160, SEATS),
    "air-live": SignalPath(
        "**ringcast's studio, Chromium → Chromium, as live as possible**", talk_paths.air("?latency=live"), 350, 250,
        SEATS),
    "air-default": SignalPath(
        "**ringcast's studio, Chromium → Chromium**", talk_paths.air(), 650, 430, SEATS),
}
WAITING_TIMES = {
    "open": WaitingTimes(waiting_times.opening, [
        ("page opened → first sound, Chromium, warm: a tone of an AudioContext", None, None),
        ("the same: the smallest page that plays /live.mp3", None, None),
        ("the same: ffmpeg and nginx, Chromium's own HLS", None, None),
        ("the same: **ringcast's page**", 250, 150)]),
    "elsewhere": WaitingTimes(waiting_times.opening_elsewhere, [
        ("page opened → first sound, Firefox, warm: an audio element that plays /live.mp3", None, None),
        ("the same: **ringcast's page** (reach: 1.5 × the row above)", None, None),
        ("page opened → first sound, WebKit, warm: the smallest page that plays /live.mp3", None, None),
        ("the same: **ringcast's page** (reach: 1.5 × the row above)", None, None)]),
    "road": WaitingTimes(waiting_times.opening_over_a_slow_road, [
        ("page opened → first sound, Chromium, a round trip of 80 ms: HTTP/1.1", None, None),
        ("the same: TLS and HTTP/1.1", None, None),
        ("the same: TLS and HTTP/2", 900, 600)]),
    "start": WaitingTimes(waiting_times.starting, [
        ("process started → playlist with a first entry of 2 s", 2300, None),
        ("process started → first part", 500, None)]),
    "freeze": WaitingTimes(waiting_times.freezing, [
        (f"server goes on after {waiting_times.FREEZE} s frozen → sound again", 1000, None),
        (f"the same → at most {1000 * waiting_times.TOLERANCE:.0f} ms later than before", 30000, None)]),
    "speak-up": WaitingTimes(talk_times.joining, [
        ("click on *Speak up*, permission given → heard by another member", 1500, 700)]),
    "restart": WaitingTimes(talk_times.restarting, [
        ("`kill -9` of the server, started again at once → the microphone is heard again", 3000, 1500)]),
    "studio": WaitingTimes(talk_times.going_live, [
        ("the studio's link opened, by the keyboard alone → on the air", 10000, 5000),
        ("the same → the mixer has the first sound", 10000, 5000)]),
}
STARTS = {
    "starts": StartedPage("Chromium", browsers.Chromium),
    "starts-live": StartedPage("Chromium, as live as possible", browsers.Chromium, "?latency=live"),
    "starts-firefox": StartedPage("Firefox", browsers.Firefox),
    "starts-webkit": StartedPage("WebKit", browsers.WebKit),
}
ROWS = [*PATHS, *WAITING_TIMES, *STARTS]
PEERS = ["hls", "icecast"]


def hear(path, seconds):
    with SoundCard(path.seats) as card:
        card.play("mic", signals.int16(ear.signal(seconds + PREPARATION)))
        hearing = path.listen(card, seconds)
    if not hearing.latencies:
        raise RuntimeError("no burst was heard")
    return hearing


def path_row(path, hearing, peers):
    """The cells of a row. `peers` holds the medians of the comparable servers, in seconds."""
    late = np.array(hearing.latencies)
    low, median, high = np.percentile(late, [5, 50, 95])
    says = [snapshot.get("behindLive") for snapshot in hearing.snapshots[SETTLING:] if snapshot]
    says = [behind for behind in says if behind is not None]
    ratios = [f"{median / peers[peer]:.3f}" if peer in peers else "" for peer in PEERS]
    return [
        path.title, _ms(median), f"{_ms(low)} – {_ms(high)}", _ms(late.max()), _ms(np.median(says)) if says else "",
        _dropouts(hearing.flaws.dropouts), _dropouts(hearing.own_dropouts), len(hearing.flaws.jumps),
        hearing.control_flaws, path.reach or "", path.aim or "", *ratios]


def _ms(seconds):
    return f"{1000 * seconds:.0f}"


def _dropouts(dropouts):
    return f"{len(dropouts)} ({_ms(sum(length for _, length in dropouts))} ms)" if dropouts else "0"


def waiting_row(row, times):
    title, reach, aim = row
    came = [time for time in times if time is not None]
    never = f"; {len(times) - len(came)} of {len(times)} never" if len(came) < len(times) else ""
    return [title, (_ms(np.median(came)) if came else "–") + never, _ms(max(came)) if came else "–", len(times),
            reach or "", aim or ""]


def print_line(cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def print_head(cells):
    print()
    print_line(cells)
    print_line(["---", *["--:"] * (len(cells) - 1)])


def attempt(title, measure):
    """Returns measure(). After an error returns None, and prints the error into the table and the log."""
    print(f"{datetime.now():%H:%M:%S} {title}", file=sys.stderr, flush=True)
    try:
        return measure()
    except Exception as error:  # The other rows are measured all the same.
        traceback.print_exc()
        print_line([title, f"**FAILED**: {' '.join(str(error).split())[:200] or type(error).__name__}"])
        return None


def print_paths(rows, seconds):
    """Measures and prints rows. Returns whether every row could be measured."""
    print_head(["ms from microphone to loudspeaker", "median", "5 – 95 %", "worst", "the page says", "dropouts",
                "of its own", "phase jumps", "control", "reach", "aim", "× HLS", "× Icecast"])
    peers, well = {}, True
    for row in rows:
        path = PATHS[row]
        hearing = attempt(path.title, lambda: hear(path, seconds))
        well = well and hearing is not None
        if hearing is None:
            continue
        print_line(path_row(path, hearing, peers))
        _explain(hearing)
        if row in PEERS:
            peers[row] = np.median(hearing.latencies)
    return well


def _explain(hearing):
    """Prints the times of flaws, for which the table has no room, to standard error."""
    begins = hearing.flaws.begins
    for name, places in (("dropouts", [(at - begins, length) for at, length in hearing.flaws.dropouts]),
                         ("jumps", [(at - begins,) for at in hearing.flaws.jumps])):
        if places:
            listed = ", ".join(" for ".join(f"{value:.3f}" for value in place) for place in places[:20])
            print(f"  {name}, s after the first sound: {listed}", file=sys.stderr)
    missed = sum(burst.late is None for burst in hearing.settled)
    if missed:
        print(f"  {missed} of {len(hearing.settled)} bursts were not heard", file=sys.stderr)


def print_waiting_times(names):
    print_head(["ms", "median", "worst", "times", "reach", "aim"])
    well = True
    for name in names:
        rows = WAITING_TIMES[name].rows
        measured = attempt(rows[0][0], WAITING_TIMES[name].measure)
        well = well and measured is not None
        for row, times in zip(rows, measured or []):
            print_line(waiting_row(row, times))
            well = well and None not in times
    return well


def print_starts(names):
    print_head(["ms, of 30 starts each", "first sound, median", "worst", "starts with a flaw", "not counted: the control "
                "tone has a flaw", "latency after 2 s, median", "worst"])
    well = True
    for name in names:
        page = STARTS[name]
        openings = attempt(page.title, lambda: waiting_times.thirty_starts(page.Browser, page.query))
        well = well and openings is not None
        if openings is None:
            continue
        heard = [opening for opening in openings if opening.first is not None and not opening.is_spoiled]
        flawed = [opening for opening in heard if not opening.heard.flawless]
        firsts, latest = [opening.first for opening in heard], [opening.latest(since=2) for opening in heard]
        silent = sum(opening.first is None for opening in openings)
        print_line([f"page opened → first sound: {page.title}", _ms(np.median(firsts)), _ms(max(firsts)),
                    f"{len(flawed) + silent} of {len(heard) + silent}", len(openings) - len(heard) - silent,
                    _ms(np.median(latest)), _ms(max(latest))])
        for opening in flawed:
            print(f"  {opening.heard}", file=sys.stderr)
        well = well and not flawed and not silent
    return well


def heading(options):
    commands = {
        "ringcast": [program(), "--version"], "Chromium": ["chromium", "--version"],
        "Firefox": ["firefox-esr", "--version"],
        "WebKit": ["dpkg-query", "-W", "-f", "${Version}", "webkit2gtk-driver"],
        "ffmpeg": ["ffmpeg", "-version"], "nginx": ["nginx", "-v"],
        "Varnish": ["varnishd", "-V"], "Icecast": ["icecast2", "-v"], "Janus": ["janus", "--version"],
    }
    versions = ", ".join(f"{name} {machine.version(command)}" for name, command in commands.items())
    return textwrap.fill(
        f"`scripts/bench latency --seconds {options.seconds}`, {datetime.now(timezone.utc):%Y-%m-%d}, "
        f"{machine.description()}, for server, browser and measurement together; {versions}.", 120)


def seconds(text):
    if not text.isdecimal() or not LEAST_SECONDS <= int(text) <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text}: it must be a whole number from {LEAST_SECONDS} to {MOST_SECONDS}")
    return int(text)


def rows(text):
    for row in text.split(","):
        if row not in ROWS:
            raise argparse.ArgumentTypeError(f"{row!r}: it must be one of {', '.join(ROWS)}")
    return text.split(",")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench latency", description=__doc__)
    parser.add_argument("--seconds", type=seconds, default=60, help="seconds of each latency measurement; default 60")
    parser.add_argument("--rows", type=rows, default=ROWS, metavar="ROW,…", help=f"of {', '.join(ROWS)}; default all")
    options = parser.parse_args()
    print(heading(options))
    paths = [row for row in PATHS if row in options.rows]
    times = [row for row in WAITING_TIMES if row in options.rows]
    starts = [row for row in STARTS if row in options.rows]
    well = [not paths or print_paths(paths, options.seconds), not times or print_waiting_times(times),
            not starts or print_starts(starts)]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
