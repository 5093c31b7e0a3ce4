/// The Range field of a GET request for bytes (RFC 9110 §14).
package enum ByteRange {
  package enum Outcome: Equatable, Sendable {
    /// 200 with the whole content, as without the field.
    case ignored
    /// 416.
    case unsatisfiable
    /// 206: one or several non-empty ranges, in the order asked for.
    case ranges([Range<Int>])
  }

  /// The most parts in one answer.
  package static let maximumCount = 16

  /// The meaning of the field's value for a representation of `length` bytes.
  package static func parse(_ field: String, length: Int) -> Outcome {
    // §14.2: "A server that supports range requests MAY ignore a Range header field when the selected representation
    // has no content".
    guard length > 0, let specs = specs(field) else { return .ignored }
    // §14.1.1: "A valid ranges-specifier is satisfiable if it contains at least one range-spec that is satisfiable".
    let ranges = specs.compactMap { $0.resolved(length: length) }
    if ranges.isEmpty { return .unsatisfiable }
    return isAbuse(ranges, length: length) ? .ignored : .ranges(ranges)
  }

  /// §14.2: "A server that supports range requests MAY ignore or reject a Range header field that contains … a
  /// ranges-specifier with more than two overlapping ranges, or a set of many small ranges". Ranges that
  /// are longer together than the whole are "inherently less efficient to process and transfer than a single range that encompasses the same data".
  private static func isAbuse(_ ranges: [Range<Int>], length: Int) -> Bool {
    if ranges.count > maximumCount { return true }
    let overlapping = ranges.indices.filter { index in
      ranges.indices.contains { $0 != index && ranges[$0].overlaps(ranges[index]) }
    }
    return overlapping.count > 2 || ranges.reduce(0) { $0 + $1.count } > length
  }

  /// ranges-specifier = range-unit "=" range-set. Nil if the text is invalid or has another unit.
  private static func specs(_ field: String) -> [RangeSpec]? {
    let text = Substring(field).utf8.trimmed
    // §14.1: "All range unit names are case-insensitive". §14.2: "An origin server MUST ignore a Range header field
    // that contains a range unit it does not understand."
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")), text[..<equals].equalsIgnoringCase("bytes") else {
      return nil
    }
    var specs: [RangeSpec] = []
    for element in text[equals...].dropFirst().listElements {
      // §14.1.1: "A ranges-specifier is invalid if it contains any range-spec that is invalid or undefined for the
      // indicated range-unit."
      guard let spec = RangeSpec(element) else { return nil }
      specs.append(spec)
    }
    return specs.isEmpty ? nil : specs
  }
}

private enum RangeSpec {
  case from(Decimal, to: Decimal?)
  case suffix(Decimal)

  /// int-range = first-pos "-" [ last-pos ], suffix-range = "-" suffix-length
  init?(_ text: Substring.UTF8View) {
    guard let dash = text.firstIndex(of: UInt8(ascii: "-")) else { return nil }
    let (before, after) = (text[..<dash], text[dash...].dropFirst())
    switch (before.isEmpty, after.isEmpty) {
    case (true, true): return nil
    case (true, false):
      guard let length = Decimal(after) else { return nil }
      self = .suffix(length)
    case (false, true):
      guard let first = Decimal(before) else { return nil }
      self = .from(first, to: nil)
    case (false, false):
      // §14.1.1: "An int-range is invalid if the last-pos value is present and less than the first-pos."
      guard let first = Decimal(before), let last = Decimal(after), first <= last else { return nil }
      self = .from(first, to: last)
    }
  }

  /// The bytes of the range; nil if there are none.
  func resolved(length: Int) -> Range<Int>? {
    switch self {
    case .from(let first, let last):
      // §14.1.2: "If the last-pos value is absent, or if the value is greater than or equal to the current length of
      // the representation data, the byte range is interpreted as the remainder of the representation".
      let end = min(last?.clamped ?? length, length - 1) + 1
      return first.clamped < length ? first.clamped..<end : nil
    case .suffix(let count):
      // §14.1.2: "satisfiable if it is … a suffix-range with a non-zero suffix-length". "If the selected representation
      // is shorter than the specified suffix-length, the entire representation is used."
      return count.clamped > 0 ? length - min(count.clamped, length)..<length : nil
    }
  }
}

/// 1*DIGIT of any length. §14.1.2: "recipients MUST anticipate potentially large decimal numerals and prevent parsing
/// errors due to integer conversion overflows."
private struct Decimal: Comparable {
  private let digits: [UInt8]

  init?(_ text: Substring.UTF8View) {
    guard !text.isEmpty, text.allSatisfy(\.isDigit) else { return nil }
    digits = Array(text.drop { $0 == UInt8(ascii: "0") })
  }

  static func < (left: Decimal, right: Decimal) -> Bool {
    left.digits.count == right.digits.count
      ? left.digits.lexicographicallyPrecedes(right.digits) : left.digits.count < right.digits.count
  }

  /// The number, or the largest Int.
  var clamped: Int {
    if digits.isEmpty { return 0 }
    return Int(String(decoding: digits, as: UTF8.self)) ?? .max
  }
}
