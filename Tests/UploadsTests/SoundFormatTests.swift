import Testing

@testable import Uploads

@Suite struct SoundFormatTests {
  @Test func `each format is recognised by its first bytes`() {
    let heads: [(SoundFormat, [UInt8])] = [
      (.webm, [0x1A, 0x45, 0xDF, 0xA3, 0x9F] + Array("B\u{82}\u{84}webm".utf8)),
      (.ogg, Array("OggS".utf8) + [UInt8](repeating: 0, count: 24) + Array("OpusHead".utf8)),
      (.mp4, [0, 0, 0, 28] + Array("ftypiso5".utf8)), (.wav, Array("RIFF____WAVEfmt ".utf8)),
      (.aiff, Array("FORM____AIFF".utf8)), (.flac, Array("fLaC".utf8)), (.aac, [0xFF, 0xF1, 0x50, 0x80]),
      (.mp3, [0xFF, 0xFB, 0x90, 0x64]), (.mp3, Array("ID3".utf8) + [3, 0, 0, 0, 0, 1, 0]),
    ]
    for (format, head) in heads {
      #expect(SoundFormat(head) == format)
      for count in 0..<head.count where SoundFormat(head.prefix(count)) != nil {
        #expect(SoundFormat(head.prefix(count)) == format)
      }
    }
  }

  @Test(arguments: [
    "", "#EXTM3U\n#EXT-X-TARGETDURATION:1\nfile:///etc/passwd\n", "[playlist]\nFile1=http://example.org/\n", "<html>",
    "ffconcat version 1.0\nfile '/etc/passwd'\n", "<?xml version=\"1.0\"?><MPD>", "RIFF____AVI ", "OggS no sound",
    "GIF89a", "PK",
  ])
  func `a text a playlist or a picture is no sound`(text: String) { #expect(SoundFormat(Array(text.utf8)) == nil) }
}
