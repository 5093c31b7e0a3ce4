/// The file that `--config` names.
package enum ConfigurationFile {
  private struct NotText: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): it is not UTF-8" }
  }

  /// All of it; throws what says its path and the reason.
  package static func text(_ path: String) throws -> String {
    let slash = path.lastIndex(of: "/")
    let folder = Folder(slash.map { String(path[...$0]) } ?? ".")
    let bytes = try folder.read(slash.map { String(path[path.index(after: $0)...]) } ?? path)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw NotText(path: path) }
    return text
  }
}
