import Core

/// Reads the members of a JSON object. A member that is null is as good as absent; the last of two members with the same
/// name counts, as in JavaScript.
struct JSONObject {
  let members: [(String, JSON)]

  init(_ members: [(String, JSON)]) {
    self.members = members
  }

  init(_ json: JSON) throws(RoomError) {
    guard case .object(let members) = json else { throw RoomError(.badMessage, "A message is a JSON object.") }
    self.members = members
  }

  subscript(_ name: String) -> JSON? {
    guard let value = members.last(where: { $0.0 == name })?.1 else { return nil }
    if case .null = value { return nil }
    return value
  }

  func string(_ name: String) throws(RoomError) -> String {
    guard case .string(let value)? = self[name] else { throw Self.wrong(name, "text") }
    return value
  }

  func optionalString(_ name: String) throws(RoomError) -> String? {
    self[name] == nil ? nil : try string(name)
  }

  func integer(_ name: String) throws(RoomError) -> Int {
    guard let value = self[name].flatMap(Self.integer(of:)) else { throw Self.wrong(name, "an integer") }
    return value
  }

  func optionalInteger(_ name: String) throws(RoomError) -> Int? {
    self[name] == nil ? nil : try integer(name)
  }

  func bool(_ name: String) throws(RoomError) -> Bool {
    guard case .bool(let value)? = self[name] else { throw Self.wrong(name, "true or false") }
    return value
  }

  func optionalBool(_ name: String) throws(RoomError) -> Bool? {
    self[name] == nil ? nil : try bool(name)
  }

  func member(_ name: String) throws(RoomError) -> MemberID {
    // An integer that no member can have names nobody.
    guard let id = MemberID(try integer(name)) else { throw RoomError(.noSuchMember) }
    return id
  }

  func object(_ name: String) throws(RoomError) -> JSONObject {
    guard case .object(let members)? = self[name] else { throw Self.wrong(name, "an object") }
    return JSONObject(members)
  }

  func array(_ name: String) throws(RoomError) -> [JSON] {
    guard case .array(let values)? = self[name] else { throw Self.wrong(name, "an array") }
    return values
  }

  func strings(_ name: String) throws(RoomError) -> [String] {
    var texts: [String] = []
    for value in try array(name) {
      guard case .string(let text) = value else { throw Self.wrong(name, "an array of texts") }
      texts.append(text)
    }
    return texts
  }

  func integers(_ name: String) throws(RoomError) -> [Int] {
    var numbers: [Int] = []
    for value in try array(name) {
      guard let number = Self.integer(of: value) else { throw Self.wrong(name, "an array of integers") }
      numbers.append(number)
    }
    return numbers
  }

  func memberIDs(_ name: String) throws(RoomError) -> [MemberID] {
    var ids: [MemberID] = []
    for number in try integers(name) {
      guard let id = MemberID(number) else { throw Self.wrong(name, "an array of members' ids") }
      ids.append(id)
    }
    return ids
  }

  func date(_ name: String) throws(RoomError) -> WallTime {
    guard let date = WallTime(try string(name)) else { throw Self.wrong(name, "a date with milliseconds, in UTC") }
    return date
  }

  private static func integer(of value: JSON) -> Int? {
    switch value {
    case .number(let number): number
    case .decimal(let digits): Int(digits)
    default: nil
    }
  }

  private static func wrong(_ name: String, _ kind: String) -> RoomError {
    RoomError(.badMessage, "\(name) must be \(kind).")
  }
}

extension [(String, JSON)] {
  /// Appends a member where there is a value.
  mutating func append(_ name: String, _ value: JSON?) {
    if let value { append((name, value)) }
  }
}
