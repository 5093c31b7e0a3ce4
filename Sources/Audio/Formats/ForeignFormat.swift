/// Recognises sound that is neither WAV nor raw, by its first bytes.
package enum ForeignFormat {
  /// Bytes that are enough for each format: two frames of MPEG audio.
  package static let longestHead = 4096

  private static let beginnings: [(bytes: [UInt8], offset: Int, name: String)] = [
    (Array("fLaC".utf8), 0, "FLAC"), (Array("OggS".utf8), 0, "Ogg"), (Array("ID3".utf8), 0, "MP3"),
    (Array("AIFF".utf8), 8, "AIFF"), (Array("AIFC".utf8), 8, "AIFF"), (Array(".snd".utf8), 0, "AU"),
    (Array("caff".utf8), 0, "CAF"), (Array("ftyp".utf8), 4, "MP4"), (Array("wvpk".utf8), 0, "WavPack"),
    (Array("MAC ".utf8), 0, "Monkey's Audio"), ([0x1A, 0x45, 0xDF, 0xA3], 0, "Matroska"),
    ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], 0, "ASF"), (Array("#!AMR".utf8), 0, "AMR"),
    (Array("riff".utf8) + [0x2E, 0x91, 0xCF, 0x11], 0, "Wave64"), (Array("AVI ".utf8), 8, "AVI"),
  ]

  /// The format's name; nil where the bytes may be raw samples, or something else.
  /// - Parameter head: the first bytes, up to `longestHead` of them.
  package static func name(of head: [UInt8]) -> String? {
    for (bytes, offset, name) in beginnings where head.dropFirst(offset).starts(with: bytes) { return name }
    if isMPEG(head) { return "MP3" }
    return isADTS(head) ? "AAC" : nil
  }

  /// Whether more of the beginning is needed to tell: the first bytes may be those of a frame.
  package static func mayBeFrame(_ head: [UInt8]) -> Bool {
    head.count >= 2 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0
  }

  /// Whether a frame of Layer III begins there, and a like one follows (ISO/IEC 11172-3 §2.4.1.3).
  private static func isMPEG(_ head: [UInt8]) -> Bool {
    guard mayBeFrame(head), head.count >= 4, head[1] & 0x06 == 0x02, let length = frameLength(head) else {
      return false
    }
    guard head.count >= length + 4 else { return false }
    // Version, layer and sample rate stay.
    return head[length] == 0xFF && head[length + 1] & 0xFE == head[1] & 0xFE
      && head[length + 2] & 0x0C == head[2] & 0x0C
  }

  private static func frameLength(_ head: [UInt8]) -> Int? {
    let (version, index, rate) = (head[1] >> 3 & 3, Int(head[2] >> 4), Int(head[2] >> 2 & 3))
    guard version != 1, (1...14).contains(index), rate < 3 else { return nil }
    // MPEG-1, and MPEG-2 and 2.5.
    let isFirst = version == 3
    let bitrates =
      isFirst
      ? [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
      : [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    let rates = isFirst ? [44_100, 48_000, 32_000] : version == 2 ? [22_050, 24_000, 16_000] : [11_025, 12_000, 8000]
    return (isFirst ? 144_000 : 72_000) * bitrates[index - 1] / rates[rate] + Int(head[2] >> 1 & 1)
  }

  /// Whether a frame of AAC begins there, and another one follows (ISO/IEC 13818-7 §6.2, ADTS).
  private static func isADTS(_ head: [UInt8]) -> Bool {
    guard mayBeFrame(head), head.count >= 6, head[1] & 0xF6 == 0xF0 else { return false }
    let length = Int(head[3] & 3) << 11 | Int(head[4]) << 3 | Int(head[5] >> 5)
    guard length >= 7, head.count >= length + 2 else { return false }
    return head[length] == 0xFF && head[length + 1] == head[1]
  }
}
