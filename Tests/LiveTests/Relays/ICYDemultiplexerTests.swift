import Testing

@testable import Live

@Suite struct ICYDemultiplexerTests {
  /// The sound and the metadata of bytes that come in pieces of `size` bytes.
  private func split(_ bytes: [UInt8], interval: Int?, size: Int) -> (sound: [UInt8], metadata: [String]) {
    var demultiplexer = ICYDemultiplexer(interval: interval)
    var (sound, metadata): ([UInt8], [String]) = ([], [])
    for start in stride(from: 0, to: bytes.count, by: size) {
      var piece = bytes[start..<min(start + size, bytes.count)]
      while let next = demultiplexer.next(from: &piece) {
        switch next {
        case .sound(let part): sound += part
        case .metadata(let text): metadata.append(String(decoding: text, as: UTF8.self))
        }
      }
      #expect(piece.isEmpty)
    }
    return (sound, metadata)
  }

  /// Metadata behind a byte with its length.
  private func block(_ text: String) -> [UInt8] {
    let units = (text.utf8.count + 15) / 16
    return [UInt8(units)] + Array(text.utf8) + [UInt8](repeating: 0, count: units * 16 - text.utf8.count)
  }

  @Test(arguments: [1, 2, 7, 16, 100, 1000]) func `sound and metadata come apart however the bytes are cut`(size: Int) {
    let bytes = Array(0..<10) + block("StreamTitle='A';") + Array(10..<20) + [0] + Array(20..<30) + block("B") + [30]
    let (sound, metadata) = split(bytes, interval: 10, size: size)
    #expect(sound == Array(0..<31))
    #expect(metadata == ["StreamTitle='A';", "B"])
  }

  @Test func `metadata of zeros alone is none`() {
    let (sound, metadata) = split([7, 2] + [UInt8](repeating: 0, count: 32) + [8], interval: 1, size: 100)
    #expect(sound == [7, 8])
    #expect(metadata.isEmpty)
  }

  @Test func `without an interval all bytes are sound`() {
    let bytes = [UInt8](repeating: 0, count: 1000)
    #expect(split(bytes, interval: nil, size: 300).sound == bytes)
  }

  @Test(arguments: [
    ("StreamTitle='Anna - Song';", "Anna - Song"), ("StreamTitle='Anna - Song';StreamUrl='';", "Anna - Song"),
    ("StreamUrl='x';StreamTitle='Song';", "Song"), ("StreamTitle='';", ""),
    ("StreamTitle='Rock 'n' Roll';StreamUrl='';", "Rock 'n' Roll"), ("StreamTitle='a';b';StreamUrl='';", "a';b"),
    ("StreamTitle='cut", "cut"), ("StreamTitle='cut'", "cut"), ("StreamUrl='x';", nil), ("", nil),
  ])
  func `metadata names a title`(text: String, title: String?) {
    #expect(ICYTitle.title(in: Array(text.utf8)) == title)
  }

  @Test func `a title that is not UTF-8 is Windows-1252`() {
    #expect(ICYTitle.title(in: Array("StreamTitle='Caf".utf8) + [0xE9] + Array("';".utf8)) == "Café")
  }
}
