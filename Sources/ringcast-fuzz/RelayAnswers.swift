@testable import Live

/// The answer of a station to a relay: two octets with an interval and the size of the pieces; then the answer, which is read
/// as sound with metadata, as a head, as a playlist, as a title and as a URL.
enum RelayAnswers {
  static func run(_ input: [UInt8]) {
    guard input.count > 2 else { return }
    let (interval, size, bytes) = (Int(input[0]), Int(input[1]) + 1, Array(input[2...]))
    let whole = split(bytes, interval: interval, size: bytes.count)
    precondition(whole == split(bytes, interval: interval, size: size))
    precondition(whole.sound.count <= bytes.count)
    if interval == 0 { precondition(whole.sound == bytes) }
    for metadata in whole.metadata + [bytes] {
      if let title = ICYTitle.title(in: metadata) { precondition(title.utf8.count <= 3 * metadata.count) }
    }
    var head = RelayHead()
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) { head.take(Array(line)) }
    precondition(head.interval.map { (1...ICYDemultiplexer.longestInterval).contains($0) } ?? true)
    if case .refused(let reason) = head.meaning(path: "/live") {
      precondition(reason.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }
    if case .addresses(let addresses) = RelayPlaylist(bytes) {
      precondition(addresses.count <= RelayPlaylist.mostAddresses)
      precondition(!addresses.contains { $0.isEmpty || $0.contains("\n") })
    }
    guard let url = try? RelayURL(String(decoding: bytes, as: UTF8.self)) else { return }
    precondition(url.description.allSatisfy { $0 != "?" && $0 != "@" || url.path.contains($0) })
    precondition(url.description.utf8.allSatisfy { (0x21...0x7E).contains($0) })
  }

  private struct Split: Equatable {
    var sound: [UInt8] = []
    var metadata: [[UInt8]] = []
  }

  private static func split(_ bytes: [UInt8], interval: Int, size: Int) -> Split {
    var demultiplexer = ICYDemultiplexer(interval: interval == 0 ? nil : interval)
    var split = Split()
    for start in stride(from: 0, to: bytes.count, by: size) {
      var piece = bytes[start..<min(start + size, bytes.count)]
      while let next = demultiplexer.next(from: &piece) {
        switch next {
        case .sound(let sound): split.sound += sound
        case .metadata(let metadata): split.metadata.append(metadata)
        }
      }
    }
    return split
  }
}
