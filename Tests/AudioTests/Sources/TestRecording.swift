import Glibc
import Testing

/// WAV files for tests.
enum TestRecording {
  /// A WAV file of 16-bit mono at 48 kHz, there for the length of `body`.
  static func withFile(_ samples: [Int16], rate: Int = 48_000, _ body: (String) throws -> Void) throws {
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
}
