package import Logging

/// The settings of the log and of the access log.
package struct LogSettings: Sendable {
  package var level = Log.Level.info
  package var format = LogFormat.Choice.auto
  /// The file that gets a line for each answer; `-` is standard output, nil is none.
  package var accessLog: String?
  /// Whether a person at a terminal sees a QR code of the page's address.
  package var showsQRCode = true

  package init() {}
}

extension Log {
  /// The log that the settings describe, on standard error.
  package init(_ settings: LogSettings) {
    self.init(level: settings.level, choice: settings.format)
  }
}
