import Core
import HTTP
import System

/// A running station at one moment. `/status` and `/metrics` are two renderings of it; see `Figure`. Counts and sums are
/// since the start.
struct StationSnapshot: Sendable {
  /// Seconds since the start.
  var uptime = 0.0
  /// The time of the start, in seconds since 1970.
  var began = 0
  /// The listeners' port.
  var port: UInt16 = 0
  /// The server of the listeners' port.
  var server = Server.Figures()
  /// The server of the operators' port; nil where operators have no port of their own.
  var operators: Server.Figures?
  var process = ProcessUsage(processor: 0)
  /// Lines of the access log that could not be written; nil where there is no access log.
  var lostLines: Int?
  /// In the order of the settings; at least one.
  var streams: [StreamSnapshot]
  /// Nil where the station has no rooms.
  var rooms: RoomsSnapshot?
  /// Nil where the station has no rooms.
  var voices: VoicesSnapshot?
  /// Whether people may upload sounds.
  var takesUploads = false
  /// The receivers of events.
  var webhooks: [WebhookSnapshot] = []

  /// The listeners of all streams.
  var listeners: ListenerCounter.Figures { streams.reduce(ListenerCounter.Figures()) { $0 + $1.listeners } }
}

extension StationSnapshot {
  /// The present moment.
  init(
    start: Start, server: Server.Figures, operators: Server.Figures? = nil, streams: StreamDirectory,
    audiences: Audiences, lostLines: Int?, port: UInt16 = 0, rooms: RoomsSnapshot? = nil,
    voices: VoicesSnapshot? = nil, sources: SourceClients? = nil, takesUploads: Bool = false,
    webhooks: [WebhookSnapshot] = []
  ) {
    uptime = start.uptime
    began = start.date
    self.server = server
    self.operators = operators
    process = .now
    self.lostLines = lostLines
    self.port = port
    self.rooms = rooms
    self.voices = voices
    self.takesUploads = takesUploads
    self.webhooks = webhooks
    self.streams = streams.now.entries.map { entry in
      let stream = entry.stream
      return StreamSnapshot(
        name: stream.name, description: .object(stream.members), playing: stream.nowPlaying.latest,
        client: sources?.mount(of: stream.name).map { $0.live?.json ?? .null }, recorder: stream.recorder?.json,
        figures: stream.figures, listeners: audiences[entry.channel].figures)
    }
  }
}

/// The start of the program.
struct Start: Sendable {
  /// In seconds since 1970.
  let date = Clock.wall() / 1_000_000
  private let moment = MonotonicTime.now

  /// The time since the start.
  var span: Duration { MonotonicTime.now - moment }

  /// Seconds since the start.
  var uptime: Double { span.seconds }
}
