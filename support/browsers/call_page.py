"""The page of a room with a call, in a real browser."""

import json

from support.browsers.page import OUT
from support.browsers.room_page import RoomPage
from support.waiting import TIMEOUT, wait_until

# The other member's tile, and the frequencies that are heard from it: for each of many moments the loudest one.
_OTHER = ".call-tile:not(.is-you)"
_HEARD = """(async () => {
    const { srcObject } = document.querySelector('%s audio');
    const context = new AudioContext();
    await context.resume();
    const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0, minDecibels: -120 });
    context.createMediaStreamSource(srcObject).connect(analyser);
    const spectrum = new Float32Array(analyser.frequencyBinCount), heard = [];
    for (let i = 0; i < %d; i++) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        analyser.getFloatFrequencyData(spectrum);
        const loudest = spectrum.indexOf(Math.max(...spectrum));
        heard.push([loudest * context.sampleRate / analyser.fftSize, Math.max(-200, spectrum[loudest])]);
    }
    await context.close();
    return heard;
})()"""
# The largest change of a pixel of the other member's picture within half a second, 0 to 255; null without a picture.
_MOTION = """(async () => {
    const video = document.querySelector('%s video');
    const canvas = Object.assign(document.createElement('canvas'), { width: 80, height: 45 });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const picture = () => {
        context.drawImage(video, 0, 0, canvas.width, canvas.height);
        return context.getImageData(0, 0, canvas.width, canvas.height).data;
    };
    if (!video.videoWidth || video.hidden) return null;
    const before = picture();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return picture().reduce((most, value, i) => Math.max(most, Math.abs(value - before[i])), 0);
})()""" % _OTHER


class CallPage:
    """A member of a room that has calls. `url` is that of the station."""

    def __init__(self, browser, url, name, room="talk"):
        self.browser = browser
        RoomPage(browser, url, room).join(name)
        browser.wait("document.querySelector('#call .call-outside')?.checkVisibility()", what="the call of the room")

    def open_dialog(self):
        self.browser.click(".call-outside .call-primary")
        self.browser.wait("document.querySelector('.call-dialog').open")

    def join_call(self):
        self.open_dialog()
        self.browser.wait(
            "document.querySelector('.call-preview video').videoWidth > 0", what="the picture of the own camera")
        self.browser.wait(
            "document.querySelector('.call-heard').textContent === 'The microphone works.'", what="the own microphone")
        self.enter_call()

    def enter_call(self):
        """Leaves the dialog for the call."""
        self.browser.click(".call-dialog .call-primary")
        self.browser.wait("document.querySelector('.call-inside').checkVisibility()", what="the call")

    def press(self, label):
        """Clicks the button with this label."""
        self.browser.wait(
            f"[...document.querySelectorAll('.call-controls button')].some(b => b.textContent === {json.dumps(label)})",
            what=f"the button {label}")
        self.browser.evaluate(
            f"[...document.querySelectorAll('.call-controls button')].find(b => b.textContent === {json.dumps(label)})"
            ".click()")

    def others(self):
        """The state of each other member's tile."""
        return self.browser.evaluate(
            f"[...document.querySelectorAll('{_OTHER}')].map(tile => ({{ ...tile.dataset, text: tile.innerText }}))")

    def wait_other(self, seconds=TIMEOUT, **state):
        """Waits until there is one other member, in this state."""
        conditions = " && ".join(f"tiles[0].dataset.{key} === {json.dumps(value)}" for key, value in state.items())
        self.browser.wait(
            f"(tiles => tiles.length === 1 && {conditions})([...document.querySelectorAll('{_OTHER}')])",
            seconds, what=f"one other member with {state}")

    def heard(self, moments=60):
        """Pairs of the loudest frequency, in Hz, and its level, in dB, of the other member's sound."""
        return self.browser.evaluate(_HEARD % (_OTHER, moments))

    def wait_heard(self, frequency):
        """Waits until the other member's tone is heard."""
        heard = []

        def listen():
            nonlocal heard
            heard = self.heard(20)
            return sum(abs(hertz - frequency) < 30 and level > -70 for hertz, level in heard) >= 4
        wait_until(listen, TIMEOUT, lambda: f"{frequency} Hz is heard: {heard}")

    def wait_motion(self):
        """Waits until the other member's picture moves."""
        self.browser.wait(f"(await {_MOTION}) > 20", what="a moving picture")

    def live_tracks(self):
        """The kinds of the devices that the page has open."""
        return self.browser.evaluate(
            "[...document.querySelectorAll('.call-tile.is-you video')].filter(v => v.srcObject)"
            ".flatMap(v => v.srcObject.getTracks()).filter(t => t.readyState === 'live').map(t => t.kind)")

    def screenshot(self, name):
        OUT.mkdir(exist_ok=True)
        self.browser.screenshot(OUT / f"{name}.png")
