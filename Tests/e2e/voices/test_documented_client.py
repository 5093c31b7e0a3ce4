"""The program in docs/rooms.md, section Sound, run as it stands there."""

import re
import sys
import tempfile
import unittest
import wave
from pathlib import Path

import numpy as np

from support import processes
from support.clients.room_server import room_server
from support.clients.voice_room import VoiceRoom
from support.server import ROOT
from support.sound import spectrum
from support.sound.spectrum import TONES

CLIENT_TONE = 440


class DocumentedClient(unittest.IsolatedAsyncioTestCase):
    alone = True

    async def test_the_client_of_the_document_talks_and_hears(self):
        section = (ROOT / "docs/rooms.md").read_text().split("\n## Sound\n")[1].split("\n## ")[0]
        program = re.search(r"```python\n(.*?)```", section, re.S)[1]
        self.assertLessEqual(program.count("\n"), 32)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="client.")))
        (folder / "client.py").write_text(program)
        server = self.enterContext(room_server())
        room = VoiceRoom(server, "hall")
        self.addAsyncCleanup(room.close)
        await room.join("Ann", TONES[5])
        client = processes.start([
            "/usr/bin/python3", folder / "client.py", f"ws://{server.host}:{server.port}/rooms/hall/socket",
            folder / "mix.wav"], stdout=sys.stderr)
        self.addCleanup(processes.end, client)
        await room.members["Ann"].wait_members(lambda members: "Tone" in members)
        await room.members["Ann"].hear(2)
        [sound] = (await room.sounds("Ann", seconds=2)).values()
        self.assertEqual(spectrum.heard(sound, [CLIENT_TONE, *TONES[1:]]), {CLIENT_TONE})
        await room.members["Ann"].wait_members(lambda members: "Tone" not in members)
        self.assertEqual(client.wait(5), 0)
        with wave.open(str(folder / "mix.wav")) as file:
            self.assertEqual((file.getnchannels(), file.getframerate(), file.getnframes()), (2, 48000, 480_000))
            mix = np.frombuffer(file.readframes(480_000), "<i2").reshape(-1, 2) / 32768
        self.assertEqual(spectrum.heard(mix[48000:].mean(1), [CLIENT_TONE, *TONES[1:]]), {TONES[5]})
