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
    (1, 16, 1, SampleFormat.int16), (1, 24, 2, .int24), (1, 32, 2, .int32), (3, 32, 1, .float32),
  ])
  func `reads PCM and float, mono and stereo`(tag: Int, bits: Int, channels: Int, expected: SampleFormat) throws {
    let data = [UInt8](repeating: 0, count: 24)
    let file = Self.file(
      Self.chunk("fmt ", Self.format(tag: tag, channels: channels, rate: 44_100, bits: bits)), Self.chunk("data", data))
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
      (file(chunk("fmt ", format())), "it has no data chunk within its first 36 bytes"),
      (file(chunk("fmt ", [1, 0])), "its fmt chunk is cut off"),
      (file(chunk("fmt ", format(), size: 4_000_000_000)), "its fmt chunk is cut off"),
      (file(chunk("fmt ", format(), size: 16), chunk("data", [])), "it holds no samples"),
      (
        file(chunk("fmt ", format(bits: 8))),
        "its samples have format tag 1 and 8 bits: 16-, 24- or 32-bit PCM or 32-bit float is read"
      ),
      (file(chunk("fmt ", format(channels: 6))), "it has 6 channels: 1 or 2 are read"),
      (file(chunk("fmt ", format(rate: 4000))), "its sample rate is 4000 Hz: 8000 to 192000 is read"),
      (file(chunk("fmt ", format(align: 3))), "its block alignment is 3: 4 goes with its format"),
    ] as [([UInt8], String)])
  func `says what is wrong with a file`(bytes: [UInt8], reason: String) {
    #expect(throws: SourceError(reason)) { try WAVHeader(bytes, fileLength: bytes.count) }
  }
}
