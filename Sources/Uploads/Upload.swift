package import Core

/// A sound that somebody has uploaded whole.
package struct Upload: Equatable, Sendable {
  /// The way of a copy that plays in every browser.
  package enum Copy: Equatable, Sendable {
    /// There is none, and none is being made.
    case none
    case waiting
    /// - Parameter percent: of the original that was read.
    case making(percent: Int)
    /// - Parameter size: bytes.
    case ready(size: Int)
    /// The copy cannot be made; the original is served.
    case failed
  }

  package let name: UploadName
  package let format: SoundFormat
  /// Bytes of the original.
  package var size: Int
  package let received: WallTime
  /// The page's own name for the sound; nil for the upload of a form.
  package let key: UploadKey?
  package var title: String
  package var isPublished: Bool
  /// Whether the author has sent the sound. The station closes a sound that nobody goes on with: operators alone see it.
  package var isSent = true
  package var copy = Copy.none
  /// Nil as long as nobody has computed the length.
  package var milliseconds: Int?
  /// The loudest sample in each of equal spans of the sound, from 0 to 100; empty as long as nobody has computed them.
  package var peaks: [Int] = []

  package init(
    name: UploadName, format: SoundFormat, size: Int, received: WallTime, key: UploadKey? = nil, title: String,
    isPublished: Bool
  ) {
    (self.name, self.format, self.size, self.received) = (name, format, size, received)
    (self.key, self.title, self.isPublished) = (key, title, isPublished)
  }

  /// The file with the original.
  package var original: String { name.original(format) }

  /// The file that listeners get: the copy, or the original where there is none.
  package var served: (file: String, size: Int, mediaType: String) {
    if case .ready(let size) = copy { return (name.copy, size, SoundFormat.mp3.mediaType) }
    return (original, size, format.mediaType)
  }

  /// Bytes on the disk.
  package var footprint: Int { if case .ready(let copy) = copy { size + copy } else { size } }

  /// The word for the state of the copy.
  package var state: String {
    switch copy {
    case .none, .failed: "original"
    case .waiting, .making: "processing"
    case .ready: "ready"
    }
  }
}

/// The text in which the folder keeps an upload.
extension Upload {
  package var record: JSON {
    let copySize: JSON = if case .ready(let size) = copy { .number(size) } else { .null }
    return .object([
      ("id", .string(name.id)), ("format", .string(format.rawValue)), ("size", .number(size)),
      ("received", .string(received.text)), ("key", key.map { .string($0.text) } ?? .null), ("title", .string(title)),
      ("published", .bool(isPublished)), ("sent", .bool(isSent)), ("copy", copySize),
      ("failed", .bool(copy == .failed)),
      ("milliseconds", milliseconds.map { .number($0) } ?? .null), ("peaks", .array(peaks.map { .number($0) })),
    ])
  }

  /// Reads a record back; nil for a text that `record` does not write.
  package init?(record bytes: [UInt8]) {
    guard case .object(let members)? = try? JSON(bytes) else { return nil }
    func text(_ name: String) -> String? {
      if case .string(let text)? = members.first(where: { $0.0 == name })?.1 { text } else { nil }
    }
    func number(_ name: String) -> Int? { members.first { $0.0 == name }.flatMap { Self.number($0.1) } }
    func isTrue(_ name: String) -> Bool {
      if case .bool(true)? = members.first(where: { $0.0 == name })?.1 { true } else { false }
    }
    guard let name = text("id").flatMap({ UploadName(id: $0) }), let format = text("format").flatMap(SoundFormat.init),
      let size = number("size"), size >= 0, let received = text("received").flatMap({ WallTime($0) }),
      let title = text("title").flatMap({ UploadTitle($0) })
    else { return nil }
    self.init(
      name: name, format: format, size: size, received: received, key: text("key").flatMap { UploadKey($0) },
      title: title.text, isPublished: isTrue("published"))
    // Earlier versions wrote no such member.
    if case .bool(false)? = members.first(where: { $0.0 == "sent" })?.1 { isSent = false }
    copy = isTrue("failed") ? .failed : number("copy").map { .ready(size: max(0, $0)) } ?? .none
    milliseconds = number("milliseconds").map { max(0, $0) }
    if case .array(let values)? = members.first(where: { $0.0 == "peaks" })?.1 {
      peaks = values.prefix(PeakCounter.mostPeaks).compactMap(Self.number).map { min(100, max(0, $0)) }
    }
  }

  private static func number(_ value: JSON) -> Int? {
    switch value {
    case .number(let number): number
    case .decimal(let digits): Int(digits)
    case .null, .bool, .string, .array, .object: nil
    }
  }
}
