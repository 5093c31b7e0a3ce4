/// The fields of a request's header section, in one block of memory. A field becomes a string only when it is read.
struct HeaderFields: Sendable {
  private var bytes: [UInt8] = []
  private var fields: [(name: Range<Int>, value: Range<Int>)] = []

  init() {
    // A browser sends some 500 bytes in a dozen fields.
    bytes.reserveCapacity(1024)
    fields.reserveCapacity(16)
  }

  init(_ fields: [(name: String, value: String)]) {
    for field in fields { append(name: field.name.utf8, value: field.value.utf8) }
  }

  mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
    let start = bytes.count
    bytes.append(contentsOf: name)
    let middle = bytes.count
    bytes.append(contentsOf: value)
    fields.append((start..<middle, middle..<bytes.count))
  }

  /// RFC 9110 §5.1: field-name = token
  var namesAreTokens: Bool {
    fields.allSatisfy { !$0.name.isEmpty && bytes[$0.name].allSatisfy(\.isTokenCharacter) }
  }

  var valuesAreLines: Bool { fields.allSatisfy { !bytes[$0.value].contains(UInt8(ascii: "\r")) } }

  /// The values of a field, one per line. The case of the name does not matter.
  subscript(_ name: String) -> [String] {
    let wanted = name.utf8
    return fields.compactMap { field in
      guard field.name.count == wanted.count,
        bytes[field.name].elementsEqual(wanted, by: { $0.lowercased == $1.lowercased })
      else { return nil }
      return String(decoding: bytes[field.value], as: UTF8.self)
    }
  }
}
