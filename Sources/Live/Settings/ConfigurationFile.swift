import System

/// The file that `--config` names.
package enum ConfigurationFile {
  private struct NotText: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): it is not UTF-8" }
  }

  /// All of it; throws what says its path and the reason.
  package static func text(_ path: String) throws -> String {
    guard let text = String(validating: try File.read(path), as: UTF8.self) else { throw NotText(path: path) }
    return text
  }
}
