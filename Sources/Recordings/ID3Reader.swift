/// Reads back the tag of a recording, which another program may have changed since.
package struct ID3Reader: Equatable, Sendable {
  /// The longest tag that is read, in bytes: a picture may have been added.
  package static let longest = 16 << 20

  /// Bytes of the whole tag.
  package let length: Int
  /// Whether the recording was still written when the tag was.
  package private(set) var isUnfinished = false
  /// The recording's length, if the tag states it.
  package private(set) var milliseconds: Int?
  package private(set) var chapters: [Recording.Chapter] = []

  /// The length of the tag whose first ten bytes are `head`; nil where no tag of a known version begins.
  package static func length(_ head: some Collection<UInt8>) -> Int? {
    let head = Array(head.prefix(ID3Tag.head))
    guard head.count == ID3Tag.head, head.starts(with: "ID3".utf8), head[3] == 3 || head[3] == 4 else { return nil }
    guard head[6...].allSatisfy({ $0 < 0x80 }) else { return nil }
    let length = head[6...].reduce(0) { $0 << 7 | Int($1) } + ID3Tag.head
    return length <= longest ? length : nil
  }

  /// Reads the frames up to the first that makes no sense.
  package init?(_ bytes: [UInt8]) {
    guard let length = Self.length(bytes) else { return nil }
    self.length = length
    var ends: [Int] = []
    let isSyncsafe = bytes[3] == 4
    for frame in FrameList(bytes[ID3Tag.head..<min(length, bytes.count)], isSyncsafe: isSyncsafe) {
      switch frame.id {
      case "TLEN":
        let text = Self.text(frame.content) ?? ""
        isUnfinished = text == ID3Tag.unfinished
        milliseconds = isUnfinished ? nil : Int(text).flatMap { (1...1 << 40).contains($0) ? $0 : nil }
      case "CHAP":
        guard chapters.count < 2 * Recording.mostChapters,
          let (start, end, title) = Self.chapter(frame.content, isSyncsafe: isSyncsafe),
          start >= (ends.last ?? 0)
        else { continue }
        // Sound without a title lies between two chapters.
        if let last = ends.last, last < start { chapters.append(Recording.Chapter(start: last, title: nil)) }
        if chapters.last?.start == start { chapters.removeLast() }
        chapters.append(Recording.Chapter(start: start, title: title))
        ends.append(end)
      default: break
      }
    }
    if let last = ends.last, let milliseconds, last < milliseconds {
      chapters.append(Recording.Chapter(start: last, title: nil))
    }
  }

  private static func chapter(
    _ content: ArraySlice<UInt8>, isSyncsafe: Bool
  ) -> (start: Int, end: Int, title: String)? {
    guard let zero = content.firstIndex(of: 0), content.endIndex - zero > 16 else { return nil }
    func number(_ offset: Int) -> Int { content[(zero + offset)...].prefix(4).reduce(0) { $0 << 8 | Int($1) } }
    let (start, end) = (number(1), number(5))
    let frames = FrameList(content[(zero + 17)...], isSyncsafe: isSyncsafe)
    guard start <= end, let title = frames.first(where: { $0.id == "TIT2" }).flatMap({ text($0.content) }) else {
      return nil
    }
    return (start, end, title)
  }

  private static func text(_ content: ArraySlice<UInt8>) -> String? {
    guard let encoding = content.first else { return nil }
    let bytes = Array(content.dropFirst())
    switch encoding {
    case 0:
      return String(String.UnicodeScalarView(bytes.prefix { $0 != 0 }.map { Unicode.Scalar($0) }))
    case 1, 2:
      let isBig = encoding == 2 || bytes.starts(with: [0xFE, 0xFF])
      let rest = encoding == 1 ? Array(bytes.dropFirst(2)) : bytes
      let units = stride(from: 0, to: rest.count - 1, by: 2).map { (index: Int) -> UInt16 in
        let (first, second) = (UInt16(rest[index]), UInt16(rest[index + 1]))
        return isBig ? first << 8 | second : second << 8 | first
      }
      return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    case 3: return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    default: return nil
    }
  }
}

/// The frames of a tag or of a chapter.
private struct FrameList: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>
  private let isSyncsafe: Bool

  init(_ bytes: ArraySlice<UInt8>, isSyncsafe: Bool) {
    (rest, self.isSyncsafe) = (bytes, isSyncsafe)
  }

  mutating func next() -> (id: String, content: ArraySlice<UInt8>)? {
    let head = Array(rest.prefix(ID3Tag.head))
    guard head.count == ID3Tag.head,
      head[..<4].allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
    else { return nil }
    // ID3v2.4 writes seven bits an octet.
    let size = head[4..<8].reduce(0) { isSyncsafe ? $0 << 7 | Int($1 & 0x7F) : $0 << 8 | Int($1) }
    rest = rest.dropFirst(ID3Tag.head)
    guard size <= rest.count else { return nil }
    defer { rest = rest.dropFirst(size) }
    return (String(decoding: head[..<4], as: UTF8.self), rest.prefix(size))
  }
}
