import System

/// The file that holds settings.
package enum ConfigurationFile {
  /// The whole text of the file.
  package static func text(_ path: String) throws(InvalidInput.Rule) -> String {
    let bytes: [UInt8]
    do {
      bytes = try File.read(path)
    } catch {
      throw InvalidInput.Rule(SettingText(error.reason))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      throw InvalidInput.Rule(isUTF16 ? "it is UTF-16; save it as UTF-8" : "it is not UTF-8")
    }
    return text
  }
}
