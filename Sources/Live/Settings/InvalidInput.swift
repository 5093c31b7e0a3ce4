/// A value that a person has chosen and that breaks a rule: where the value stands, the value and the rule, in one line.
package struct InvalidInput: Error, Equatable, CustomStringConvertible {
  /// The value must follow this rule, and does not.
  package struct Rule: Error, Equatable, Sendable {
    package let text: SettingText

    package init(_ text: SettingText) {
      self.text = text
    }
  }

  /// The place of the value, outermost first: a file's line, a stream.
  package private(set) var place: [String]
  /// The name of the value: `ring-size`.
  package let name: SettingText
  /// Nil where the name says all, or where the value is a secret.
  package let value: String?
  package let rule: Rule

  /// - Parameters:
  ///   - name: what is set.
  ///   - value: as the message may repeat it.
  package init(_ name: SettingText, _ value: String? = nil, _ rule: SettingText, at place: String? = nil) {
    self.name = name
    self.value = value
    self.rule = Rule(rule)
    self.place = place.map { [$0] } ?? []
  }

  /// A setting of the station or of a stream breaks a rule.
  package init(_ setting: SettingKey, _ value: String? = nil, _ rule: SettingText) {
    self.init("\(setting)", value, rule)
  }

  /// The same with a place around the place that is known.
  package func within(_ outer: String) -> InvalidInput {
    var input = self
    input.place.insert(outer, at: 0)
    return input
  }

  /// One line.
  /// - Parameter spelling: how the reader spells a setting.
  package func text(_ spelling: (SettingKey) -> String) -> String {
    let subject = name.text(spelling) + (value.map { " \($0)" } ?? "")
    return (place + [subject, rule.text.text(spelling)]).joined(separator: ": ")
  }

  /// With the names that a configuration file has.
  package var description: String { text(\.rawValue) }
}
