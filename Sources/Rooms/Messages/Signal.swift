import Core

/// A message of the set-up of a call, which the server relays from one member to another as it is.
package struct Signal: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case offer, answer, ice
  }

  package let kind: Kind
  /// Everything but `type`, `kind`, `to` and `from`.
  package let fields: JSONFields

  /// Bytes of the whole message from the page.
  static let longest = 16 * 1024
  static let reservedFields: Set<String> = ["type", "kind", "to", "from"]

  package init(_ kind: Kind, _ fields: JSONFields) {
    self.kind = kind
    self.fields = fields
  }

  init(_ kind: Kind, _ object: JSONObject) {
    self.init(kind, JSONFields(object, without: Self.reservedFields))
  }
}
