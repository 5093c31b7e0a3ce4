"""The voice of a browser in a call: a microphone without hardware that plays bursts of a tone.

A steady tone would be taken for noise, and removed, by the noise suppression of the browser that sends it.
"""

import numpy as np

from support.formats.wav import wav
from support.sound.soundcard import RATE

_SECONDS = 2
_BURST_SECONDS, _PAUSE_SECONDS = 0.3, 0.2


def write_voice(path, frequency):
    """Writes a WAV file that a browser repeats without an end."""
    time = np.arange(_SECONDS * RATE) / RATE
    sound = 0.4 * np.sin(2 * np.pi * frequency * time)
    sound[time % (_BURST_SECONDS + _PAUSE_SECONDS) > _BURST_SECONDS] = 0
    path.write_bytes(wav(sound.reshape(-1, 1), RATE))
    return path


def chromium_flags(voice):
    """The flags of a Chromium with a camera that shows a moving picture, and a microphone that plays a WAV file."""
    return ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={voice}"]


# The frequency of the tone of Firefox's microphone without hardware.
FIREFOX_HZ = 1000
FIREFOX_PREFERENCES = {
    "media.navigator.streams.fake": True, "media.navigator.permission.disabled": True,
    # The only address of a test machine may be that of the machine itself.
    "media.peerconnection.ice.loopback": True, "media.peerconnection.ice.obfuscate_host_addresses": False,
}
