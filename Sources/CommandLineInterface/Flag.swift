import Live

/// One long option: what `--help` says of it, and how its value is checked and kept.
struct Flag: Sendable {
  enum Group: String, CaseIterable {
    case source = "Source"
    case encoding = "Encoding and segments"
    case server = "Server"
    case operators = "Operators"
    case other = "Other"
  }

  let name: String
  let group: Group
  /// What stands for the value in `--help`; nil where the flag takes none.
  let placeholder: String?
  let help: String
  /// Whether a value must not be repeated in a message.
  let isSecret: Bool
  /// Nil where it is no setting, but asks for something else than a run.
  let apply: (@Sendable (_ value: String, inout Configuration) throws(Rule) -> Void)?

  /// What a value must be; thrown where it is not.
  struct Rule: Error {
    let text: String

    init(_ text: String) {
      self.text = text
    }
  }

  init(
    _ name: String, _ group: Group, _ placeholder: String? = nil, _ help: String, isSecret: Bool = false,
    apply: (@Sendable (_ value: String, inout Configuration) throws(Rule) -> Void)? = nil
  ) {
    (self.name, self.group, self.placeholder, self.help) = (name, group, placeholder, help)
    (self.isSecret, self.apply) = (isSecret, apply)
  }

  /// A value as messages may repeat it.
  func shown(_ value: String) -> String { isSecret ? "…" : value }

  static func named(_ name: String) -> Flag? { all.first { $0.name == name } }
}
