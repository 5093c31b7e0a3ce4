/// The settings of the program, with their defaults: those of the whole station, and those of each of its streams.
package struct StationSettings: Sendable {
  package static let version = "0.1.0"

  package var endpoints = EndpointSettings()
  package var access = AccessSettings()
  package var operators = OperatorSettings()
  package var identity = Identity()
  /// Nil where the station has no rooms.
  package var rooms: RoomSettings?
  package var uploads = UploadSettings()
  package var logging = LogSettings()
  package var webhooks = WebhookSettings()
  /// Whether the program exits when the input of every stream has ended.
  package var exitsAtEnd = false
  /// The configuration file, if it holds a token or the URL of a webhook.
  package var configurationWithSecrets: String?
  /// The user that the process becomes once the port is bound; nil is the user who started the process.
  package var user: String?
  /// At least one; each has a name of its own.
  package var streams = [StreamSettings()]
  /// How messages to the operator spell a setting's name; by default, as a configuration file does.
  package var spelling: SettingSpelling = { $0.rawValue }

  package init() {}

  /// Whether a stream has this name.
  func has(_ stream: StreamName) -> Bool { streams.contains { $0.name == stream } }

  /// Checks the rules that tie one setting to another, as far as they do not depend on what a source turns out to be.
  package func check() throws(InvalidInput) {
    for stream in streams {
      do {
        try stream.check()
      } catch {
        throw naming(stream, in: error)
      }
    }
    try checkStandardInput()
    try StreamCycle.check(self)
    if exitsAtEnd, !streams.contains(where: \.mayEnd) {
      throw InvalidInput(
        .exitAtEnd, nil, "it needs a source that ends, \(.source) stdin, or file:PATH without \(.loop)")
    }
    try endpoints.check()
    try operators.check(beside: endpoints)
    try checkRooms()
    try uploads.check()
    try webhooks.check()
  }

  private func checkRooms() throws(InvalidInput) {
    try rooms?.check()
    guard rooms == nil else { return }
    if let stream = streams.first(where: \.hasRoom) {
      throw naming(stream, in: InvalidInput(.streamRoom, nil, RoomSettings.needed))
    }
    if let stream = streams.first(where: { $0.sourceRoom != nil }), let room = stream.sourceRoom {
      throw naming(stream, in: InvalidInput(.source, "room:\(room)", RoomSettings.needed))
    }
  }

  /// The error with the name of its stream. The only stream of a station needs no name.
  func naming(_ stream: StreamSettings, in error: InvalidInput) -> InvalidInput {
    streams.count > 1 ? error.within("stream \(stream.name)") : error
  }

  private func checkStandardInput() throws(InvalidInput) {
    let readers = streams.filter { $0.source == .standardInput }
    guard readers.count > 1 else { return }
    throw naming(
      readers[1],
      in: InvalidInput(.source, "stdin", "only one stream can read it, and \(readers[0].name) does already"))
  }
}
