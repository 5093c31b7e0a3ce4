import Core

/// The things that operators say of a recording: another title, and who may find the recording. The note is a small file
/// beside the recording (`live-….json`), which another program may have changed since.
package struct RecordingNote: Equatable, Sendable {
  /// The most bytes of the file.
  package static let longest = 4096
  /// The most bytes of a title, in UTF-8.
  package static let longestTitle = 256

  /// Nil is the title that the name of the file gives.
  package private(set) var title: String?
  /// Whether only operators find the recording.
  package private(set) var isHidden = false
  /// Whether the recording is in the podcast feed of its stream.
  package private(set) var isPublic = false

  package init() {}

  /// Reads a note. A title that breaks a rule is left out, and so is everything unknown.
  /// - Returns: nil for bytes that are no note.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count <= Self.longest, case .object(let members)? = try? JSON(bytes) else { return nil }
    for (name, value) in members {
      switch (name, value) {
      case ("title", .string(let text)) where Self.isTitle(text): title = text
      case ("hidden", .bool(let flag)): isHidden = flag
      case ("public", .bool(let flag)): isPublic = flag
      default: break
      }
    }
  }

  /// The content of the file.
  package var bytes: [UInt8] {
    let named: [(String, JSON)] = title.map { [("title", .string($0))] } ?? []
    return Array("\(JSON.object(named + [("hidden", .bool(isHidden)), ("public", .bool(isPublic))]).text)\n".utf8)
  }

  /// Whether the note says nothing.
  package var isEmpty: Bool { self == RecordingNote() }

  /// Whether a text may be a title: a line of text.
  package static func isTitle(_ text: String) -> Bool {
    (1...longestTitle).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: true
        }
      }
  }
}

extension RecordingNote {
  /// A change of a note. A member that is nil changes nothing.
  package struct Change: Hashable, Sendable {
    /// An empty title takes the title away.
    package let title: String?
    package let isHidden: Bool?
    package let isPublic: Bool?

    /// The error of a text that is no change.
    package enum Mistake: Error, Equatable, CustomStringConvertible {
      case notObject
      case unknown(String)
      case title
      case notBool(String)
      case empty

      package var description: String {
        switch self {
        case .notObject: "the content must be a JSON object"
        case .unknown(let name): "\(name.prefix(40)): the members are title, hidden and public"
        case .title:
          "title: it must be null, or one line of at most \(longestTitle) bytes of UTF-8 without control characters"
        case .notBool(let name): "\(name): it must be true or false"
        case .empty: "the content must have one of title, hidden and public"
        }
      }
    }

    /// Reads a change, such as `{"title": "The interview", "hidden": false}`; null takes a title away.
    package init(_ content: [UInt8]) throws(Mistake) {
      guard case .object(let members)? = try? JSON(content) else { throw .notObject }
      var (title, isHidden, isPublic): (String?, Bool?, Bool?) = (nil, nil, nil)
      for (name, value) in members {
        switch (name, value) {
        case ("title", .null): title = ""
        case ("title", .string(let text)):
          let trimmed = Self.trimmed(text)
          guard trimmed.isEmpty || isTitle(trimmed) else { throw .title }
          title = trimmed
        case ("title", _): throw .title
        case ("hidden", .bool(let flag)): isHidden = flag
        case ("public", .bool(let flag)): isPublic = flag
        case ("hidden", _), ("public", _): throw .notBool(name)
        default: throw .unknown(name)
        }
      }
      guard title != nil || isHidden != nil || isPublic != nil else { throw .empty }
      (self.title, self.isHidden, self.isPublic) = (title, isHidden, isPublic)
    }

    private static func trimmed(_ text: String) -> String {
      var rest = text[...].drop(while: \.isWhitespace)
      while rest.last?.isWhitespace == true { rest.removeLast() }
      return String(rest)
    }
  }

  package mutating func apply(_ change: Change) {
    if let title = change.title { self.title = title.isEmpty ? nil : title }
    isHidden = change.isHidden ?? isHidden
    isPublic = change.isPublic ?? isPublic
  }
}
