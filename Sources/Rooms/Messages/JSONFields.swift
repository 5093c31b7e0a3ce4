package import Core

/// The members of a JSON object whose names and values the server does not know, in their order.
package struct JSONFields: Equatable, Sendable {
  package let members: [(String, JSON)]

  package init(_ members: [(String, JSON)] = []) {
    self.members = members
  }

  /// The members of an object but for some names.
  init(_ object: JSONObject, without names: Set<String>) {
    members = object.members.filter { !names.contains($0.0) }
  }

  package static func == (left: JSONFields, right: JSONFields) -> Bool {
    JSON.object(left.members).text == JSON.object(right.members).text
  }
}
