"""Source clients as they are in Debian: each sends a sound to a stream of the same name as the client's.

A client gets an empty folder for its files, and the sound in two forms: as a file that lasts long enough, and at the
microphone of a card. It sends the one that it can send.
"""

import subprocess
from pathlib import Path

from support import processes
from support.sources.source_client import PASSWORD


class SourceProgram:
    """A program that is a source client, to be used with `with`."""

    name = ""

    def __init__(self, server, folder, sound, environment):
        """`sound` is a WAV file. `environment` is that of a card."""
        self.folder = Path(folder)
        self.log = self.folder / "log"
        command = self.command(server, sound)
        with open(self.log, "wb") as log:
            self.process = processes.start(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self.process)

    def command(self, server, sound):
        """The command that is started, after its configuration is written."""
        raise NotImplementedError

    def _written(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path


class Microphone(SourceProgram):
    """ffmpeg, as MP3 from the microphone. It sends each frame at once."""

    name = "microphone"

    def command(self, server, sound):
        return [
            "ffmpeg", "-nostdin", "-loglevel", "warning", "-f", "alsa", "-sample_rate", 48000, "-channels", 2,
            "-i", "default", "-c:a", "libmp3lame", "-b:a", "192k", "-write_xing", 0, "-id3v2_version", 0,
            "-flush_packets", 1, "-content_type", "audio/mpeg", "-f", "mp3",
            f"icecast://source:{PASSWORD}@{server.host}:{server.port}/{self.name}"]


class Liquidsoap(SourceProgram):
    """As Ogg Vorbis from the file."""

    name = "liquidsoap"

    def command(self, server, sound):
        script = self._written("script.liq", f"""
            settings.init.allow_root.set(true)
            settings.frame.audio.samplerate.set(48000)
            output.icecast(%vorbis(samplerate=48000, channels=2, quality=0.9), host="{server.host}", port={server.port},
              password="{PASSWORD}", mount="{self.name}", fallible=true, single("{sound}"))
        """)
        return ["liquidsoap", script]


class DarkIce(SourceProgram):
    """As MP3 from the microphone."""

    name = "darkice"

    def command(self, server, sound):
        configuration = self._written("darkice.cfg", f"""
            [general]
            duration = 0
            bufferSecs = 2
            reconnect = no
            realtime = no
            [input]
            device = default
            sampleRate = 48000
            bitsPerSample = 16
            channel = 2
            [icecast2-0]
            bitrateMode = cbr
            format = mp3
            bitrate = 192
            server = {server.host}
            port = {server.port}
            password = {PASSWORD}
            mountPoint = {self.name}
        """)
        return ["darkice", "-c", configuration]


class Ezstream(SourceProgram):
    """As MP3 from a file, at the pace that libshout makes."""

    name = "ezstream"

    def command(self, server, sound):
        file = self.folder / "sound.mp3"
        encoded = processes.run(
            ["ffmpeg", "-v", "error", "-i", sound, "-c:a", "libmp3lame", "-b:a", "192k", "-write_xing", 0, file])
        if encoded.returncode != 0:
            raise ValueError(encoded.stderr.decode())
        configuration = self._written("ezstream.xml", f"""<?xml version="1.0" encoding="UTF-8"?>
            <ezstream>
              <servers><server>
                <hostname>{server.host}</hostname><port>{server.port}</port><password>{PASSWORD}</password>
              </server></servers>
              <streams><stream>
                <mountpoint>/{self.name}</mountpoint><format>MP3</format>
              </stream></streams>
              <intakes><intake><type>file</type><filename>{file}</filename></intake></intakes>
            </ezstream>
        """)
        return ["ezstream", "-c", configuration]


class GStreamer(SourceProgram):
    """GStreamer's shout2send, as Ogg Vorbis from the microphone."""

    name = "gstreamer"

    def command(self, server, sound):
        return [
            "gst-launch-1.0", "alsasrc", "device=default", "!", "audio/x-raw,rate=48000,channels=2", "!",
            "audioconvert", "!", "vorbisenc", "quality=0.9", "!", "oggmux", "max-delay=20000000",
            "max-page-delay=20000000", "!",
            "shout2send", f"ip={server.host}", f"port={server.port}", f"password={PASSWORD}", f"mount=/{self.name}"]


ALL = (Microphone, Liquidsoap, DarkIce, Ezstream, GStreamer)
