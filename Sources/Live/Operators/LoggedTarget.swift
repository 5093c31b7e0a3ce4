import HTTP

/// The target of a request as a log may show it: without tokens and invites. More people read a log than may listen.
///
/// A token is found by its name in every part of the target, however often the target is encoded, and by its value. A client
/// that encodes a URL once too often, or writes a token where no token belongs, still shows a valid token.
struct LoggedTarget {
  /// A decoded byte, and the place of the bytes that stand for it.
  private struct Unit {
    let byte: UInt8
    let place: Range<Int>
  }

  /// A piece of the target between two delimiters.
  private struct Component {
    /// The delimiter in front; nil at the start of the target.
    let delimiter: Unit?
    let isInQuery: Bool
    var units: ArraySlice<Unit>
  }

  private let target: [UInt8]
  private let units: [Unit]

  /// The bytes of a target that a log may show.
  /// - Parameter isSecret: whether a word is a token.
  static func withoutTokens(_ target: [UInt8], isSecret: (String) -> Bool) -> [UInt8] {
    LoggedTarget(target).withoutTokens(isSecret)
  }

  private init(_ target: [UInt8]) {
    self.target = target
    units = Self.decoded(target)
  }

  private func withoutTokens(_ isSecret: (String) -> Bool) -> [UInt8] {
    let userinfo = userinfo
    var shown = userinfo.map { Array(target[..<$0.lowerBound]) } ?? []
    // A query that has lost its first words begins with a question mark all the same.
    var queryMark: Unit?
    for component in components(from: userinfo?.upperBound ?? 0) {
      if component.isInQuery, queryMark == nil, component.delimiter?.byte == UInt8(ascii: "?") {
        queryMark = component.delimiter
      }
      if Self.namesSecret(component) { continue }
      let delimiter = component.isInQuery ? queryMark.take() ?? component.delimiter : component.delimiter
      if let delimiter { shown += target[delimiter.place] }
      shown += withoutWords(component.units, isSecret)
    }
    return shown
  }

  /// Every escape is decoded, also one that becomes an escape by the decoding of another.
  private static func decoded(_ target: [UInt8]) -> [Unit] {
    var units: [Unit] = []
    units.reserveCapacity(target.count)
    for (index, byte) in target.enumerated() {
      units.append(Unit(byte: byte, place: index..<index + 1))
      while units.count >= 3, units[units.count - 3].byte == UInt8(ascii: "%"),
        let byte = PercentEncoding.escaped(units.suffix(2).map(\.byte)[...])
      {
        let place = units[units.count - 3].place.lowerBound..<index + 1
        units.removeLast(3)
        units.append(Unit(byte: byte, place: place))
      }
    }
    return units
  }

  /// The place of `user:password@` behind a scheme (RFC 3986 §3.2.1); nil where there is none.
  private var userinfo: Range<Int>? {
    for scheme in ["http://", "https://"] where units.starts(with: scheme.utf8, by: { $0.byte | 0x20 == $1 | 0x20 }) {
      let authority = units.dropFirst(scheme.utf8.count).prefix { !"/?#".utf8.contains($0.byte) }
      guard let first = authority.first, let at = authority.last(where: { $0.byte == UInt8(ascii: "@") }) else {
        return nil
      }
      return first.place.lowerBound..<at.place.upperBound
    }
    return nil
  }

  /// - Parameter start: the first byte of the target that counts.
  private func components(from start: Int) -> [Component] {
    var rest = units.drop { $0.place.lowerBound < start }
    var components: [Component] = []
    var (delimiter, isInQuery): (Unit?, Bool) = (nil, false)
    while true {
      let delimiters = isInQuery ? "&;#" : "/;&?#"
      let content = rest.prefix { !delimiters.utf8.contains($0.byte) }
      components.append(Component(delimiter: delimiter, isInQuery: isInQuery, units: content))
      guard let next = rest.dropFirst(content.count).first else { return components }
      (delimiter, isInQuery) = (next, isInQuery || next.byte == UInt8(ascii: "?"))
      rest = rest.dropFirst(content.count + 1)
    }
  }

  /// The names of pairs whose value lets in the client that shows the value; lowercased.
  private static let secretNames = ["token", "invite"]

  /// Whether a component is a pair whose name, or a later part of which, contains a secret name. In a path, a component
  /// without an equals sign is a name of a file.
  private static func namesSecret(_ component: Component) -> Bool {
    let text = component.units.map { $0.byte | 0x20 }
    let equals = UInt8(ascii: "=") | 0x20
    guard let last = text.lastIndex(of: equals) else {
      return component.isInQuery && contains(text[...])
    }
    return contains(text[..<last])
  }

  private static func contains(_ text: ArraySlice<UInt8>) -> Bool {
    text.indices.contains { start in secretNames.contains { text[start...].starts(with: $0.utf8) } }
  }

  /// The bytes of a component, less the words that are tokens.
  private func withoutWords(_ units: ArraySlice<Unit>, _ isSecret: (String) -> Bool) -> [UInt8] {
    var shown: [UInt8] = []
    var rest = units
    while let first = rest.first {
      let word = rest.prefix { Token.isUnreserved($0.byte) == Token.isUnreserved(first.byte) }
      rest = rest.dropFirst(word.count)
      let secret = Token.isUnreserved(first.byte) ? Self.secret(in: word, isSecret) : 0
      let kept = word.dropFirst(secret)
      if let start = kept.first?.place.lowerBound, let end = kept.last?.place.upperBound {
        shown += target[start..<end]
      }
    }
    return shown
  }

  /// The number of units of a word that are a token: all, all before the ending of a file's name, or none.
  private static func secret(in word: ArraySlice<Unit>, _ isSecret: (String) -> Bool) -> Int {
    guard word.count >= 8 else { return 0 }
    let text = word.map(\.byte)
    let stem = text[..<(text.lastIndex(of: UInt8(ascii: ".")) ?? text.endIndex)]
    for candidate in [text[...], stem] where isSecret(String(decoding: candidate, as: UTF8.self)) {
      return candidate.count
    }
    return 0
  }
}
