/// Texts compared by their UTF-8 bytes. `hasPrefix` and `split` of the standard library compare whole characters: for them a
/// slash with a combining mark behind it is no slash. Paths, fields and files separate by bytes.
extension StringProtocol {
  package func begins(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

  package func ends(with suffix: String) -> Bool { utf8.reversed().starts(with: suffix.utf8.reversed()) }
}
