import Audio
import Testing

@Suite struct WAVHeaderTests {
  static func number(_ value: Int, _ octets: Int) -> [UInt8] {
    (0..<octets).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  static func chunk(_ name: String, _ body: [UInt8], size: Int? = nil) -> [UInt8] {
    Array(name.utf8) + number(size ?? body.count, 4) + body + (body.count % 2 == 1 ? [0] : [])
  }

  static func format(tag: Int = 1, channels: Int = 2, rate: Int = 48_000, bits: Int = 16, align: Int? = nil) -> [UInt8]
  {
    let align = align ?? channels * bits / 8
    return number(tag, 2) + number(channels, 2) + number(rate, 4) + number(rate * align, 4) + number(align, 2)
      + number(bits, 2)
  }

  static func file(_ chunks: [UInt8]...) -> [UInt8] {
    Array("RIFF".utf8) + number(0, 4) + Array("WAVE".utf8) + chunks.flatMap(\.self)
  }

  @Test(arguments: [
    (1, 16, 1, SampleFormat.int16), (1, 24, 2, .int24), (1, 32, 2, .int32), (3, 32, 1, .float32), (1, 8, 1, .uint8),
    (3, 64, 1, .float64), (6, 8, 2, .aLaw), (7, 8, 1, .muLaw), (1, 12, 1, .int16), (1, 16, 6, .int16),
  ])
  func `reads PCM, float, A-law and µ-law with any number of channels`(
    tag: Int, bits: Int, channels: Int, expected: SampleFormat
  ) throws {
    let data = [UInt8](repeating: 0, count: 24)
    let align = channels * ((bits + 7) / 8)
    let file = Self.file(
      Self.chunk("fmt ", Self.format(tag: tag, channels: channels, rate: 44_100, bits: bits, align: align)),
      Self.chunk("data", data))
    let header = try WAVHeader(file, fileLength: file.count)
    #expect(header.format == PCMFormat(sampleRate: 44_100, channels: channels))
    #expect(header.sampleFormat == expected)
    #expect(header.dataOffset == 44 && header.dataLength == 24)
  }

  @Test func `passes over other chunks with their pad byte, and reads the extensible format's tag`() throws {
    let extensible =
      Self.format(tag: 0xFFFE, bits: 24) + Self.number(22, 2) + Self.number(24, 2) + Self.number(3, 4)
      + Self.number(1, 2) + [UInt8](repeating: 9, count: 14)
    let file = Self.file(
      Self.chunk("LIST", [1, 2, 3]), Self.chunk("fmt ", extensible),
      Self.chunk("data", [UInt8](repeating: 0, count: 12)))
    let header = try WAVHeader(file, fileLength: file.count)
    #expect(header.sampleFormat == .int24)
    #expect(header.dataOffset == file.count - 12)
  }

  @Test func `a data chunk that claims more than there is ends with the file's last whole frame`() throws {
    let file = Self.file(
      Self.chunk("fmt ", Self.format()), Self.chunk("data", [UInt8](repeating: 0, count: 10), size: 0xFFFF_FFFF))
    #expect(try WAVHeader(file, fileLength: file.count).dataLength == 8)
  }

  @Test(
    arguments: [
      ([], "it is not a WAV file: it does not start with RIFF … WAVE"),
      (Array("OggS0000WAVE".utf8), "it is not a WAV file: it does not start with RIFF … WAVE"),
      (file(chunk("data", [0, 0, 0, 0])), "its data chunk comes before its fmt chunk"),
      (file(chunk("fmt ", format())), "it has no data chunk"),
      (file(chunk("fmt ", [1, 0])), "its fmt chunk is cut off"),
      (file(chunk("fmt ", format(), size: 4_000_000_000)), "its fmt chunk is cut off"),
      (file(chunk("fmt ", format(), size: 16), chunk("data", [])), "it holds no samples"),
      (
        file(chunk("fmt ", format(tag: 49, bits: 0, align: 65))),
        "its samples have format tag 49 and 0 bits: PCM of up to 32 bits, float of 32 or 64 bits, A-law, µ-law and ADPCM "
          + "are read"
      ),
      (
        file(chunk("fmt ", format(tag: 17, bits: 4, align: 1023))),
        "its blocks of ADPCM have 1023 bytes, which hold no whole frames of 2 channels"
      ),
      (file(chunk("fmt ", format(channels: 65))), "it has 65 channels: 1 to 64 are read"),
      (file(chunk("fmt ", format(rate: 4000))), "its sample rate is 4000 Hz: 8000 to 192000 is read"),
      (file(chunk("fmt ", format(align: 3))), "its block alignment is 3: 4 goes with its format"),
    ] as [([UInt8], String)])
  func `says what is wrong with a file`(bytes: [UInt8], reason: String) {
    #expect(throws: SourceError(reason, isUnusable: true)) { try WAVHeader(bytes, fileLength: bytes.count) }
  }

  /// A file of 16-bit stereo at 48 kHz whose data chunk claims a length and is followed by some bytes.
  private static func claiming(_ size: Int, sound: Int, behind: [UInt8] = []) -> [UInt8] {
    file(chunk("fmt ", format()), Array("data".utf8) + number(size, 4) + [UInt8](repeating: 1, count: sound) + behind)
  }

  @Test(
    arguments: [
      // The claimed length, the bytes of sound, the bytes behind it; the length, whether it is open, whether it is remarked.
      (12, 12, [], 12, false, false),
      (12, 12, chunk("LIST", [1, 2, 3]), 12, false, false),
      (0, 12, [], 12, true, true),
      (0xFFFF_FFFF, 12, [], 12, true, true),
      (0x7FFF_F000, 12, [], 12, true, true),
      (0x8000_0000, 12, [], 12, true, true),
      (400, 12, [], 12, true, true),
      (4, 12, [], 4, false, true),
    ] as [(Int, Int, [UInt8], Int, Bool, Bool)])
  func `a length that is not known or not true is told`(
    claimed: Int, sound: Int, behind: [UInt8], length: Int, isOpen: Bool, isRemarked: Bool
  ) throws {
    let file = Self.claiming(claimed, sound: sound, behind: behind)
    let header = try WAVHeader(file, fileLength: file.count)
    #expect(header.dataLength == length && header.isOpenEnded == isOpen && (header.remark != nil) == isRemarked)
  }

  @Test func `a length of zero in front of chunks alone is no sound`() {
    let file = Self.claiming(0, sound: 0, behind: Self.chunk("LIST", [1, 2, 3]))
    #expect(throws: SourceError("it holds no samples", isUnusable: true)) {
      try WAVHeader(file, fileLength: file.count)
    }
  }

  @Test func `a length of 32 bits that has run over is that of the file`() throws {
    let file = Self.claiming(4, sound: 12)
    let long = 44 + (1 << 32) + 4
    let header = try WAVHeader(file, fileLength: long)
    #expect(header.dataLength == (1 << 32) + 4 && header.remark != nil)
  }

  @Test func `the chunks in front of the sound may be of any length`() throws {
    let file = Self.file(
      Self.chunk("id3 ", [UInt8](repeating: 7, count: 1_500_000)), Self.chunk("fmt ", Self.format()),
      Self.chunk("data", [1, 2, 3, 4]))
    #expect(try WAVHeader(file, fileLength: file.count).dataOffset == file.count - 4)
  }

  @Test func `the lengths of RF64 are in its ds64 chunk`() throws {
    var file = Self.file(
      Self.chunk("ds64", Self.number(0, 8) + Self.number(5_000_000_000, 8) + Self.number(0, 12)),
      Self.chunk("fmt ", Self.format()), Self.chunk("data", [1, 2, 3, 4], size: 0xFFFF_FFFF))
    file.replaceSubrange(0..<4, with: Array("RF64".utf8))
    let header = try WAVHeader(file, fileLength: 6_000_000_000)
    #expect(header.dataLength == 5_000_000_000 && !header.isOpenEnded)
  }

  @Test func `RIFX has its numbers and its samples the other way round`() throws {
    func turned(_ value: Int, _ octets: Int) -> [UInt8] { Self.number(value, octets).reversed() }
    let format =
      turned(1, 2) + turned(1, 2) + turned(44_100, 4) + turned(88_200, 4) + turned(2, 2) + turned(16, 2)
    let file =
      Array("RIFX".utf8) + turned(0, 4) + Array("WAVEfmt ".utf8) + turned(16, 4) + format + Array("data".utf8)
      + turned(4, 4) + [1, 2, 3, 4]
    let header = try WAVHeader(file, fileLength: file.count)
    #expect(header.format == PCMFormat(sampleRate: 44_100, channels: 1) && header.dataLength == 4)
    var samples: [Int32] = []
    [UInt8]([1, 2, 3, 4]).withUnsafeBytes { header.layout.decode($0, into: &samples) }
    #expect(samples == [0x0102_0000, 0x0304_0000])
  }

  @Test(arguments: [(12, 12, false), (0, Int.max, true), (0xFFFF_FFFF, Int.max, true), (0x7FFF_F000, Int.max, true)])
  func `in a pipe the header's length counts, unless it is none`(claimed: Int, atMost: Int, isOpen: Bool) throws {
    let file = Self.claiming(claimed, sound: 12)
    var last = 0
    let header = try WAVHeader(fileLength: nil) { (offset, count) throws(SourceError) in
      #expect(offset >= last, "a pipe goes forward only")
      last = offset
      return Array(file.dropFirst(offset).prefix(count))
    }
    #expect(header.dataOffset == 44 && header.isOpenEnded == isOpen && header.dataLength <= atMost)
  }
}
