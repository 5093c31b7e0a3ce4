import Logging

extension Log {
  /// As `configuration` wants it, for whoever reads standard error.
  package init(_ configuration: Configuration) {
    self.init(level: configuration.logLevel, choice: configuration.logFormat)
  }
}
