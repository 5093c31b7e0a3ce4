import CSndFile
import Glibc
import Testing

@testable import Audio

@Suite struct SoundFileTests {
  /// Each bit of a sample is set in some.
  private static let samples = (0..<9000).map { Int32(truncatingIfNeeded: $0 &* 477_218_589 &+ 12_345) }

  private func read(_ path: String) throws -> (sound: SoundFile, frames: [Int32]) {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    let sound = try SoundFile(file, length: FileStamp(of: file).size)
    var frames: [Int32] = []
    let count = try sound.read(1_000_000, into: &frames)
    #expect(count * sound.format.channels == frames.count)
    #expect(sound.damage == nil)
    return (sound, frames)
  }

  @Test(arguments: [
    (SF_FORMAT_AIFF, SF_FORMAT_PCM_16, 16), (SF_FORMAT_AIFF, SF_FORMAT_PCM_24, 24),
    (SF_FORMAT_AIFF, SF_FORMAT_PCM_32, 32),
    (SF_FORMAT_CAF, SF_FORMAT_PCM_24, 24), (SF_FORMAT_AU, SF_FORMAT_PCM_32, 32), (SF_FORMAT_FLAC, SF_FORMAT_PCM_16, 16),
    (SF_FORMAT_FLAC, SF_FORMAT_PCM_24, 24), (SF_FORMAT_W64, SF_FORMAT_PCM_24, 24),
    (SF_FORMAT_RF64, SF_FORMAT_PCM_16, 16),
    (SF_FORMAT_CAF, SF_FORMAT_ALAC_16, 16),
  ])
  func `integers come through bit for bit`(container: Int, coding: Int, bits: Int) throws {
    try TestSound.withFolder { folder in
      let wanted = Self.samples.map { ($0 >> (32 - bits)) << (32 - bits) }
      try TestSound(format: container | coding, rate: 48_000, channels: 2).write(wanted, to: "\(folder)/a")
      let (sound, frames) = try read("\(folder)/a")
      #expect(sound.format == PCMFormat(sampleRate: 48_000, channels: 2))
      #expect(sound.count == wanted.count / 2)
      #expect(frames == wanted)
    }
  }

  @Test(arguments: [SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE])
  func `floats have full scale at one`(coding: Int) throws {
    try TestSound.withFolder { folder in
      let wanted = Self.samples.map { ($0 >> 8) << 8 }
      try TestSound(format: Int(SF_FORMAT_AIFF) | coding, rate: 32_000).write(wanted, to: "\(folder)/a")
      #expect(try read("\(folder)/a").frames == wanted)
    }
  }

  @Test func `a frame can be found again, and the tags are read`() throws {
    try TestSound.withFolder { folder in
      try TestSound(title: "Song", artist: "Band").write(Self.samples, to: "\(folder)/a")
      let file = open("\(folder)/a", O_RDONLY)
      defer { close(file) }
      let sound = try SoundFile(file, length: FileStamp(of: file).size)
      #expect(sound.title == SoundTitle(title: "Song", artist: "Band"))
      #expect(sound.coding == "FLAC, Signed 16 bit PCM")
      #expect(sound.seek(to: 5000))
      var frames: [Int32] = []
      #expect(try sound.read(10, into: &frames) == 10)
      #expect(frames == Self.samples[5000..<5010].map { ($0 >> 16) << 16 })
    }
  }

  @Test func `bytes that are no sound are an error with the words of libsndfile`() throws {
    try TestSound.withFolder { folder in
      let path = "\(folder)/a"
      let file = open(path, O_RDWR | O_CREAT, 0o600)
      defer { close(file) }
      _ = write(file, "no sound at all, but long enough", 32)
      let error = #expect(throws: SourceError.self) { try SoundFile(file, length: 32) }
      #expect(error?.isUnusable == true)
      #expect(error?.description.hasPrefix("it is not a sound file that libsndfile reads (") == true)
    }
  }
}
