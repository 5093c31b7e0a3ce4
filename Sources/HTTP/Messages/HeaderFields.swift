import Glibc

/// The fields of a request's header section, in one block of memory. A field becomes a string only when it is read.
struct HeaderFields: Sendable {
  private(set) var bytes: [UInt8] = []
  private var fields: [(name: Range<Int>, value: Range<Int>)] = []
  /// A bit for each kind of name that is there, so that a look-up of an absent field costs nothing.
  private var kinds: UInt64 = 0

  init() {}

  init(_ fields: [(name: String, value: String)]) {
    for field in fields { append(name: field.name.utf8, value: field.value.utf8) }
  }

  /// Empties the section and takes over a copy of `block`, in which `append(name:value:)` marks the fields. The memory of
  /// the section before is used again.
  mutating func reset(to block: UnsafeRawBufferPointer) {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    kinds = 0
    bytes.append(contentsOf: block)
  }

  /// Adds a field that lies in `bytes`.
  mutating func append(name: Range<Int>, value: Range<Int>) {
    fields.append((name, value))
    kinds |= Self.kind(of: bytes[name])
  }

  /// The bit of a name, by its length and its first character.
  private static func kind(of name: some Collection<UInt8>) -> UInt64 {
    1 << UInt64(truncatingIfNeeded: (name.count &* 5 &+ Int(name.first?.lowercased ?? 0)) & 63)
  }

  mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
    let start = bytes.count
    bytes.append(contentsOf: name)
    let middle = bytes.count
    bytes.append(contentsOf: value)
    append(name: start..<middle, value: middle..<bytes.count)
  }

  var count: Int { fields.count }

  /// RFC 9110 §5.1: field-name = token
  var namesAreTokens: Bool {
    bytes.withUnsafeBufferPointer { bytes in
      fields.allSatisfy { field in !field.name.isEmpty && field.name.allSatisfy { bytes[$0].isTokenCharacter } }
    }
  }

  /// RFC 9110 §5.5: field values hold no CR, LF or NUL.
  var valuesAreLines: Bool {
    bytes.withUnsafeBufferPointer { bytes in
      fields.allSatisfy { field in field.value.allSatisfy { bytes[$0] != 13 && bytes[$0] != 10 && bytes[$0] != 0 } }
    }
  }

  /// The values of a field, one per line. The case of the name does not matter.
  subscript(_ name: String) -> [String] {
    mayHave(name) ? fields.compactMap { isNamed($0.name, name) ? text($0.value) : nil } : []
  }

  /// The number of lines with that name.
  func count(of name: String) -> Int {
    mayHave(name) ? fields.count { isNamed($0.name, name) } : 0
  }

  /// The value of a field, its lines joined by ", "; nil where there is none.
  func joined(_ name: String) -> String? {
    guard mayHave(name) else { return nil }
    var found: String?
    for field in fields where isNamed(field.name, name) {
      let value = text(field.value)
      found = found.map { "\($0), \(value)" } ?? value
    }
    return found
  }

  /// The bytes of the first line with that name.
  func bytes(of name: String) -> ArraySlice<UInt8>? {
    guard mayHave(name), let field = fields.first(where: { isNamed($0.name, name) }) else { return nil }
    return bytes[field.value]
  }

  /// Puts one line in the place of all lines with that name.
  mutating func replace(_ name: String, by value: some Collection<UInt8>) {
    fields = fields.filter { !isNamed($0.name, name) }
    append(name: name.utf8, value: value)
  }

  private func mayHave(_ name: String) -> Bool { kinds & Self.kind(of: name.utf8) != 0 }

  private func text(_ value: Range<Int>) -> String {
    bytes.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[value]), as: UTF8.self) }
  }

  private func isNamed(_ field: Range<Int>, _ name: String) -> Bool {
    guard field.count == name.utf8.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      var index = field.lowerBound
      for character in name.utf8 {
        guard bytes[index].lowercased == character.lowercased else { return false }
        index += 1
      }
      return true
    }
  }
}
