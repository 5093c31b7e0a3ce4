import Live

/// The settings of one stream: those of a section of the configuration file, or those behind `--stream`.
struct StreamSection {
  let name: StreamName
  /// The section's own line, as in `ringcast.conf:7`, or the flag.
  let place: String
  var settings: [Setting] = []

  /// Whether the section names tokens of the stream.
  var hasTokens: Bool { settings.contains { ["listen-token", "listen-token-file"].contains($0.flag.name) } }

  func applied(to stream: StreamSettings) throws(InvalidInput) -> StreamSettings {
    var unchanged = StationSettings()
    var stream = stream
    stream.name = name
    for setting in settings { try setting.apply(to: &unchanged, &stream) }
    return stream
  }
}
