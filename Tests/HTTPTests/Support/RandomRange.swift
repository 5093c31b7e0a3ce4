import HTTP

/// A random value of a Range field, odd more often than not, with what it means worked out byte by byte.
struct RandomRange: Sendable {
  let field: String
  let outcome: ByteRange.Outcome

  init(length: Int, using random: inout SplitMix64) {
    var elements: [Element] = []
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      elements.append(Element(length: length, using: &random))
    }
    if Int.random(in: 0..<20, using: &random) == 0 {
      elements += (0..<40).map { Element(first: $0 * 3, last: $0 * 3) }
    }
    let isBytes = Int.random(in: 0..<12, using: &random) > 0
    let units = isBytes ? ["bytes=", "BYTES=", "bytes= ", " Bytes=\t"] : ["bytes", "bytes =", "octets=", "="]
    let separator = [",", ", ", " ,\t", ",,"].randomElement(using: &random)!
    field = units.randomElement(using: &random)! + elements.map(\.text).joined(separator: separator)
    outcome = Self.outcome(elements, isBytes: isBytes, length: length)
  }

  private static func outcome(_ elements: [Element], isBytes: Bool, length: Int) -> ByteRange.Outcome {
    let named = elements.filter { !$0.text.isEmpty }
    guard isBytes, length > 0, !named.isEmpty, named.allSatisfy(\.isValid) else { return .ignored }
    let selections = named.map { element in (0..<length).filter { element.selects($0, length) } }.filter { !$0.isEmpty }
    if selections.isEmpty { return .unsatisfiable }
    let overlapping = selections.indices.filter { one in
      selections.indices.contains { $0 != one && !Set(selections[$0]).isDisjoint(with: selections[one]) }
    }
    if selections.count > 16 || overlapping.count > 2 || selections.joined().count > length { return .ignored }
    return .ranges(selections.map { $0.first!..<$0.last! + 1 })
  }
}

/// One element of the list.
private struct Element: Sendable {
  let text: String
  let isValid: Bool
  let selects: @Sendable (_ position: Int, _ length: Int) -> Bool

  init(first: Int, last: Int) {
    (text, isValid, selects) = (
      "\(first)-\(last)", first <= last, { position, _ in first <= position && position <= last }
    )
  }

  init(length: Int, using random: inout SplitMix64) {
    let near =
      [0, 1, length - 1, length, length + 1] + (0..<10).map { _ in Int.random(in: 0...length, using: &random) }
    let first = max(0, near.randomElement(using: &random)!)
    let last = [first, first, first + 1, first + 5, near.randomElement(using: &random)!].randomElement(using: &random)!
    let huge = "9" + String(repeating: "0", count: Int.random(in: 20...60, using: &random))
    let zeros = String(repeating: "0", count: Int.random(in: 0...30, using: &random))
    switch Int.random(in: 0..<48, using: &random) {
    case 0..<30: self.init(first: first, last: max(0, last))
    case 30..<33: self.init("\(first)-") { position, _ in position >= first }
    case 33..<36: self.init("-\(first)") { position, length in position >= length - first }
    case 36: self.init("\(zeros)\(first)-\(huge)") { position, _ in position >= first }
    case 37: self.init("\(huge)-") { _, _ in false }
    case 38: self.init("-\(huge)") { _, _ in true }
    case 39: self.init("-0\(zeros)") { _, _ in false }
    case 40: self.init("\(huge)1-\(huge)0", isValid: false)
    case 41: self.init("\(huge)0-\(huge)1") { _, _ in false }
    case 42: self.init("")
    case 43..<46: self.init("-\(first % 4)") { position, length in position >= length - first % 4 }
    default:
      let junk = [
        "-", "--1", "1--2", "a-b", "0x1-2", "1 -2", "1- 2", "+1-2", "1", "1-2-3", "-1-", "1-2;q=1", "٣-٤", "*",
      ]
      self.init(junk.randomElement(using: &random)!, isValid: false)
    }
  }

  private init(
    _ text: String, isValid: Bool = true, selects: @escaping @Sendable (Int, Int) -> Bool = { _, _ in false }
  ) {
    (self.text, self.isValid, self.selects) = (text, isValid, selects)
  }
}

/// Sebastiano Vigna's SplitMix64: the same numbers at each run.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
