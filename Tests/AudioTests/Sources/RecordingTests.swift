import Audio
import Glibc
import Testing

@Suite struct RecordingTests {
  /// A WAV file of 16-bit mono at 48 kHz, there for the length of `body`.
  private func withFile(_ samples: [Int16], rate: Int = 48_000, _ body: (String) throws -> Void) throws {
    var name = Array("/tmp/recording.XXXXXX".utf8CString)
    let file = mkstemp(&name)
    try #require(file >= 0)
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    func bytes(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let data = samples.flatMap { bytes(Int($0), 2) }
    let format = bytes(1, 2) + bytes(1, 2) + bytes(rate, 4) + bytes(rate * 2, 4) + bytes(2, 2) + bytes(16, 2)
    let head = Array("WAVEfmt ".utf8) + bytes(16, 4) + format + Array("data".utf8) + bytes(data.count, 4)
    let all = Array("RIFF".utf8) + bytes(head.count + data.count, 4) + head + data
    try #require(write(file, all, all.count) == all.count)
    close(file)
    try body(path)
  }

  @Test func `its frames come round and round`() throws {
    try withFile([1, 2, 3]) { path in
      let recording = try Recording(path: path)
      #expect(recording.count == 3)
      #expect(recording.frames(from: 2, count: 5) == [3, 1, 2, 3, 1].map { $0 << 16 })
    }
  }

  @Test(arguments: [44_100, 48_000])
  func `as a fallback it is brought to the source's format, as long as it is asked for`(rate: Int) throws {
    try withFile((0..<rate).map { _ in 8192 }, rate: rate) { path in
      let format = PCMFormat(sampleRate: 48_000, channels: 2)
      var fallback = RecordingFallback(try Recording(path: path), format: format)
      for size in [2, 960, 3000, 96_000, 200_000] {
        var block = [Int32](repeating: 7, count: size)
        fallback.fill(&block)
        #expect(block.count == size)
        // Away from its beginning.
        if size > 3000 { #expect(block.allSatisfy { abs(Double($0) - 0x1p29) < 0x1p20 }) }
      }
    }
  }

  @Test func `a file that is missing or no WAV file is an error that names it`() throws {
    #expect(throws: SourceError("file:/nowhere.wav: No such file or directory")) { try Recording(path: "/nowhere.wav") }
    #expect(throws: SourceError("file:/tmp: it is not a regular file")) { try Recording(path: "/tmp") }
  }
}
