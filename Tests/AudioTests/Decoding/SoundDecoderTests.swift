import Glibc
import System
import Testing

@testable import Audio

/// Bytes in memory, a few at a time.
private final class BytesInMemory: EncodedBytes {
  private let bytes: [UInt8]
  private var place = 0
  private let most: Int

  init(_ bytes: [UInt8], atMost most: Int = 1000) {
    (self.bytes, self.most) = (bytes, most)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(bytes.count - place, buffer.count, most)
    buffer.copyBytes(from: bytes[place..<place + count])
    place += count
    return count
  }
}

/// The result of a decoder that has read everything.
private struct Decoded {
  var samples: [Int32] = []
  var formats: [PCMFormat] = []
  var tags: [SoundTags] = []

  init(_ bytes: [UInt8], named format: EncodedFormat, atMost most: Int = 1000) throws(DecodingError) {
    let decoder = try RecognisedDecoder(BytesInMemory(bytes, atMost: most), named: format)
    while let piece = try decoder.next() {
      switch piece {
      case .tags(let found): tags.append(found)
      case .sound(let block, let format):
        samples += block
        if formats.last != format { formats.append(format) }
      }
    }
  }

  /// Seconds of sound.
  var length: Double {
    guard let format = formats.first else { return 0 }
    return Double(samples.count / format.channels) / Double(format.sampleRate)
  }

  /// The share of the power at 1 kHz, from 0 to 1.
  var purity: Double {
    guard let format = formats.first else { return 0 }
    var (sine, cosine, power, count) = (0.0, 0.0, 0.0, 0.0)
    for index in stride(from: 0, to: samples.count, by: format.channels) {
      let (sample, phase) = (
        Double(samples[index]) * 0x1p-31, 2000 * .pi * Double(index / format.channels) / Double(format.sampleRate)
      )
      sine += sample * sin(phase)
      cosine += sample * cos(phase)
      power += sample * sample
      count += 1
    }
    return power == 0 ? 0 : 2 * (sine * sine + cosine * cosine) / count / power
  }
}

private func fixture(_ name: String) throws -> [UInt8] {
  let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
  return try File.read("/\(folder)/Fixtures/\(name)")
}

/// The fixtures: file, format, and the number of channels. A channel alone has 8 kHz, and two have 48 kHz.
private let named: [(String, EncodedFormat, Int)] = [
  ("tone.mp3", .mp3, 2), ("vorbis.ogg", .ogg, 2), ("opus.ogg", .ogg, 2), ("tone.flac", .flac, 1), ("flac.ogg", .ogg, 1),
]

@Suite struct SoundDecoderTests {
  @Test(arguments: named)
  func `each format gives the sound that was encoded`(name: String, format: EncodedFormat, channels: Int) throws {
    let decoded = try Decoded(try fixture(name), named: format)
    #expect(decoded.formats == [PCMFormat(sampleRate: channels == 1 ? 8000 : 48_000, channels: channels)])
    #expect(abs(decoded.length - 0.5) < 0.1)
    #expect(decoded.purity > 0.9)
  }

  @Test(arguments: named)
  func `the sound does not depend on the pieces in which the bytes come`(
    name: String, format: EncodedFormat, channels: Int
  ) throws {
    let bytes = try fixture(name)
    #expect(try Decoded(bytes, named: format, atMost: 1).samples == Decoded(bytes, named: format, atMost: 9999).samples)
  }

  @Test(
    arguments: [
      ("vorbis.ogg", "One", "Anna"), ("opus.ogg", "Two", nil), ("tone.flac", "Three", nil), ("flac.ogg", "Four", nil),
    ] as [(String, String, String?)])
  func `the tags of Ogg and FLAC are read`(name: String, title: String, artist: String?) throws {
    #expect(try Decoded(try fixture(name), named: .mp3).tags == [SoundTags(title: title, artist: artist)])
  }

  @Test func `links that follow one another are played one after the other`() throws {
    let decoded = try Decoded(
      try fixture("vorbis.ogg") + fixture("flac.ogg") + fixture("opus.ogg") + fixture("vorbis.ogg"), named: .ogg)
    #expect(decoded.tags.map(\.title) == ["One", "Four", "Two", "One"])
    #expect(decoded.formats.map(\.channels) == [2, 1, 2])
  }

  @Test(arguments: [1, 1000, 9999])
  func `files of FLAC that name their length are played one after the other`(most: Int) throws {
    let bytes = try fixture("tone.flac")
    let one = try Decoded(bytes, named: .flac)
    let two = try Decoded(bytes + bytes, named: .flac, atMost: most)
    #expect(two.tags == one.tags + one.tags)
    let isWhole = two.samples == one.samples + one.samples
    #expect(isWhole)
    let mixed = try Decoded(bytes + fixture("opus.ogg"), named: .flac, atMost: most)
    #expect(mixed.tags.map(\.title) == ["Three", "Two"])
    #expect(throws: DecodingError("the sound is no FLAC")) {
      try Decoded(bytes + Array("no sound".utf8), named: .flac, atMost: most).tags
    }
  }

  @Test func `a file of FLAC that ends too early is no failure`() throws {
    let bytes = try fixture("tone.flac")
    for count in stride(from: 4, to: bytes.count, by: 97) {
      _ = try Decoded(Array(bytes.prefix(count)), named: .flac)
    }
  }

  @Test(arguments: named)
  func `behind damaged bytes the sound goes on`(name: String, format: EncodedFormat, channels: Int) throws {
    let bytes = try fixture(name)
    var damaged = bytes
    let place = bytes.count * 9 / 10
    for index in place..<place + 20 { damaged[index] ^= 0x5A }
    // The fixtures are short: the same sound follows. All of it is played; MP3 needs a few frames before.
    let (whole, both) = (try Decoded(bytes, named: format), try Decoded(damaged + bytes, named: format))
    let count = whole.samples.count / (format == .mp3 ? 2 : 1)
    let isPlayed = both.samples.suffix(count) == whole.samples.suffix(count)
    #expect(isPlayed)
    // The sound of an Ogg fixture is one page, which is left out.
    #expect(both.length > (format == .ogg ? 0.9 : 1.4) * whole.length)
  }

  @Test(arguments: named)
  func `no bytes make a decoder crash`(name: String, format: EncodedFormat, channels: Int) throws {
    let bytes = try fixture(name)
    var generator = Noise()
    for _ in 0..<60 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...200, using: &generator) {
        damaged[Int.random(in: 0..<damaged.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      _ = try? Decoded(damaged, named: format)
    }
  }

  @Test func `bytes without a page are no Ogg`() throws {
    #expect(throws: DecodingError.self) {
      try Decoded([UInt8](repeating: 0x41, count: 200_000), named: .ogg)
    }
    #expect(try Decoded([UInt8](repeating: 0x41, count: 200_000), named: .mp3).samples.isEmpty)
    #expect(throws: DecodingError("the sound is no FLAC")) { try Decoded(Array("nothing".utf8), named: .flac) }
    #expect(throws: DecodingError("the sound is AAC")) { try Decoded([0xFF, 0xF1, 0x50, 0x80], named: .mp3) }
  }
}

/// The same numbers in each run.
private struct Noise: RandomNumberGenerator {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
