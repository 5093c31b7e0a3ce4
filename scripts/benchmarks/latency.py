"""How late a listener hears it: from a virtual microphone to a virtual loudspeaker, through ringcast and its peers.

A pilot tone with a coded burst each second is played into the microphone of a virtual sound card, which a server
captures as an ALSA device; a headless browser plays its page into the loudspeaker; both ends are recorded on one clock.
"""

import argparse
import sys
import textwrap
import traceback
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Callable

import numpy as np

from scripts.benchmarks import figures, moments, ways
from scripts.benchmarks.servers import ROOT
from support import browsers
from support.proxies import edges
from support.sound import ear, signals
from support.sound.hearing import SETTLING
from support.sound.soundcard import SoundCard

# Some players are a dozen seconds late, and all of them are to be heard several times.
LEAST_SECONDS, MOST_SECONDS = 20, 3600
# For a server and a browser to start, s.
PREPARATION = 150


@dataclass(frozen=True)
class Way:
    title: str
    listen: Callable
    # In ms.
    reach: int | None = None
    aim: int | None = None


@dataclass(frozen=True)
class Moments:
    measure: Callable
    # Title, reach and aim in ms of each of the things that it measures.
    things: list


WAYS = {
    "card": Way("the card alone, a player behind a recorder", ways.card_alone),
    "hls": Way("ffmpeg and nginx, HLS of 2 s, Chromium", ways.hls),
    "icecast": Way("ffmpeg and Icecast, Chromium", ways.icecast),
    "chromium": Way("**ringcast, Chromium**", ways.page(browsers.Chromium, "mse-mp3"), 500, 350),
    "live": Way("**ringcast, Chromium, as live as possible**",
                ways.page(browsers.Chromium, "webcodecs", "?cushion=live"), 350, 220),
    "firefox": Way("**ringcast, Firefox**", ways.page(browsers.Firefox, "mse-mp4"), 800, 450),
    "webkit": Way("**ringcast, WebKit**", ways.page(browsers.WebKit, "mse-mp3"), 1000, 600),
    "varnish": Way(
        "**ringcast, through Varnish, Chromium**", ways.page(browsers.Chromium, "mse-mp3", Edge=edges.Varnish)),
    "nginx": Way("**ringcast, through nginx, Chromium**", ways.page(browsers.Chromium, "mse-mp3", Edge=edges.Nginx)),
}
MOMENTS = {
    "open": Moments(moments.opening, [("page opened → first sound, Chromium, warm", 700, 400)]),
    "start": Moments(moments.starting, [
        ("process started → playlist with a first entry of 2 s", 2300, None),
        ("process started → first part", 500, None)]),
    "freeze": Moments(moments.freezing, [
        (f"server goes on after {moments.FREEZE} s frozen → sound again", 1000, None),
        (f"the same → at most {1000 * moments.TOLERANCE:.0f} ms later than before", 30000, None)]),
}
ROWS = [*WAYS, *MOMENTS]
PEERS = ["hls", "icecast"]


def hear(way, seconds):
    with SoundCard() as card:
        card.play("mic", signals.int16(ear.signal(seconds + PREPARATION)))
        hearing = way.listen(card, seconds)
    if not hearing.latencies:
        raise RuntimeError("no burst is heard")
    return hearing


def heard_row(way, hearing, peers):
    """`peers` are the medians of those that were measured before, in seconds."""
    late = np.array(hearing.latencies)
    low, median, high = np.percentile(late, [5, 50, 95])
    says = [snapshot["behindLive"] for snapshot in hearing.snapshots[SETTLING:] if snapshot]
    says = [behind for behind in says if behind is not None]
    ratios = [f"{median / peers[peer]:.3f}" if peer in peers else "" for peer in PEERS]
    return [
        way.title, _ms(median), f"{_ms(low)} – {_ms(high)}", _ms(late.max()), _ms(np.median(says)) if says else "",
        _dropouts(hearing.flaws.dropouts), _dropouts(hearing.own_dropouts), len(hearing.flaws.jumps), hearing.torn,
        way.reach or "", way.aim or "", *ratios]


def _ms(seconds):
    return f"{1000 * seconds:.0f}"


def _dropouts(dropouts):
    return f"{len(dropouts)} ({_ms(sum(length for _, length in dropouts))} ms)" if dropouts else "0"


def moment_row(thing, times):
    title, reach, aim = thing
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
    """What it measures; or None, and the table and the log say why."""
    print(f"{datetime.now():%H:%M:%S} {title}", file=sys.stderr, flush=True)
    try:
        return measure()
    except Exception as error:  # Whatever it is, the other rows are measured all the same.
        traceback.print_exc()
        print_line([title, f"**FAILED**: {' '.join(str(error).split())[:200] or type(error).__name__}"])
        return None


def print_ways(rows, seconds):
    """Whether each of them could be measured."""
    print_head(["ms from microphone to loudspeaker", "median", "5 – 95 %", "worst", "the page says", "dropouts",
                "of its own", "phase jumps", "control", "reach", "aim", "× HLS", "× Icecast"])
    peers, well = {}, True
    for row in rows:
        way = WAYS[row]
        hearing = attempt(way.title, lambda: hear(way, seconds))
        well = well and hearing is not None
        if hearing is None:
            continue
        print_line(heard_row(way, hearing, peers))
        _explain(hearing)
        if row in PEERS:
            peers[row] = np.median(hearing.latencies)
    return well


def _explain(hearing):
    """What the table has no room for."""
    begins = hearing.flaws.begins
    for name, places in (("dropouts", [(at - begins, length) for at, length in hearing.flaws.dropouts]),
                         ("jumps", [(at - begins,) for at in hearing.flaws.jumps])):
        if places:
            listed = ", ".join(" for ".join(f"{value:.3f}" for value in place) for place in places[:20])
            print(f"  {name}, s after the first sound: {listed}", file=sys.stderr)
    missed = sum(burst.late is None for burst in hearing.settled)
    if missed:
        print(f"  {missed} of {len(hearing.settled)} bursts were not heard", file=sys.stderr)


def print_moments(rows):
    print_head(["ms", "median", "worst", "times", "reach", "aim"])
    well = True
    for row in rows:
        things = MOMENTS[row].things
        measured = attempt(things[0][0], MOMENTS[row].measure)
        well = well and measured is not None
        for thing, times in zip(things, measured or []):
            print_line(moment_row(thing, times))
            well = well and None not in times
    return well


def heading(options):
    commands = {
        "ringcast": [ROOT / ".build/release/ringcast", "--version"], "Chromium": ["chromium", "--version"],
        "Firefox": ["firefox-esr", "--version"],
        "WebKit": ["dpkg-query", "-W", "-f", "${Version}", "webkit2gtk-driver"],
        "ffmpeg": ["ffmpeg", "-version"], "nginx": ["nginx", "-v"],
        "Varnish": ["varnishd", "-V"], "Icecast": ["icecast2", "-v"],
    }
    versions = ", ".join(f"{name} {figures.version(command)}" for name, command in commands.items())
    return textwrap.fill(
        f"`scripts/bench latency --seconds {options.seconds}`, {datetime.now(timezone.utc):%Y-%m-%d}, "
        f"{figures.machine()}, with server, browser and ear on them together; {versions}.", 120)


def seconds(text):
    if not text.isdecimal() or not LEAST_SECONDS <= int(text) <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text}: it is a whole number from {LEAST_SECONDS} to {MOST_SECONDS}")
    return int(text)


def rows(text):
    for row in text.split(","):
        if row not in ROWS:
            raise argparse.ArgumentTypeError(f"{row!r}: it is one of {', '.join(ROWS)}")
    return text.split(",")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench latency", description=__doc__)
    parser.add_argument("--seconds", type=seconds, default=60, help="that each way is listened to; default 60")
    parser.add_argument("--rows", type=rows, default=ROWS, metavar="ROW,…", help=f"of {', '.join(ROWS)}; default all")
    options = parser.parse_args()
    print(heading(options))
    to_listen = [row for row in WAYS if row in options.rows]
    to_wait = [row for row in MOMENTS if row in options.rows]
    well = [not to_listen or print_ways(to_listen, options.seconds), not to_wait or print_moments(to_wait)]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
