import Audio
import Core
import HTTP

// Names and units follow the conventions of Prometheus ("Metric and label naming").

/// The tables of all figures, in the order of the reports.
enum Figures {
  static let station: [Figure<StationSnapshot>] = {
    var figures = program
    // The metrics of the listeners are those of each stream.
    figures += listeners.map { figure in Figure(figure.key, nil, figure.of(\.listeners).value) }
    figures += server.map { figure in figure.of(\.server) }
    figures += operators
    figures.append(Figure("port", nil) { .count(Int($0.port)) })
    figures.append(Figure("uploads", nil) { .flag($0.takesUploads) })
    figures += rooms
    figures += voices
    figures += webhooks
    figures += process.map { figure in figure.of(\.process) }
    return figures
  }()

  static let stream: [Figure<StreamSnapshot>] = {
    var figures: [Figure<StreamSnapshot>] = listeners.map { figure in figure.of(\.listeners) }
    for table in [source, publishing, storage] { figures += table.map { figure in figure.of(\.figures) } }
    // The description has these figures under their keys: see StreamFacts.swift.
    figures += health.map { figure in figure.of(\.figures.source).withoutKey }
    figures.append(ended.of(\.figures.ring.ended).withoutKey)
    return figures
  }()

  /// The figures of the first stream that `/status` shows beside the station's; the listeners there are the station's.
  static let shownForTheFirst: [Figure<StreamSnapshot>] = stream.filter { $0.key?.hasPrefix("listeners.") != true }
}

extension Figures {
  private static let program: [Figure<StationSnapshot>] = [
    Figure(nil, .gauge("ringcast_build_info", "The version, as a label.")) { _ in
      .word(StationSettings.version, label: "version")
    },
    Figure("uptime", .gauge("ringcast_uptime_seconds", "Time since the start.")) { .seconds($0.uptime) },
    Figure(nil, .gauge("process_start_time_seconds", "Time of the start, since 1970.")) { .count($0.began) },
    Figure(
      nil, .counter("ringcast_access_log_lost_lines_total", "Lines of the access log that could not be written.")
    ) { .count($0.lostLines) },
  ]

  private static let listeners: [Figure<ListenerCounter.Figures>] = [
    Figure("listeners.now", nil) { .count($0.now) },
    Figure("listeners.plain", nil) { .count($0.ways[.plain] ?? 0) },
    Figure("listeners.lowLatency", nil) { .count($0.ways[.lowLatency] ?? 0) },
    Figure("listeners.growing", nil) { .count($0.ways[.growing] ?? 0) },
    Figure("listeners.endless", nil) { .count($0.ways[.endless] ?? 0) },
    Figure(nil, .gauge("ringcast_listeners", "Listeners that are there now, by their way of listening.")) { figures in
      .each("way", ListenerTable.Way.allCases.map { (label: $0.label, value: Double(figures.ways[$0] ?? 0)) })
    },
    Figure("listeners.sessions", .counter("ringcast_sessions_total", "Listeners that have come.")) {
      .count($0.sessions)
    },
  ]
}

extension Figures {
  private static let server: [Figure<Server.Figures>] = [
    Figure("server.connections", .gauge("ringcast_http_connections", "Connections that are open.")) {
      .count($0.connections)
    },
    Figure("server.accepted", .counter("ringcast_http_connections_accepted_total", "Connections let in.")) {
      .count($0.accepted)
    },
    Figure("server.refused", nil) { .count($0.refusedOverLimit + $0.refusedPerAddress) },
    Figure(
      nil,
      .counter(
        "ringcast_http_connections_refused_total", "Connections and requests refused, by the setting that limits them.")
    ) { .each("limit", [("listeners", Double($0.refusedOverLimit)), ("address", Double($0.refusedPerAddress))]) },
    Figure("server.timeouts", nil) { .count($0.headerTimeouts + $0.idleTimeouts + $0.answerTimeouts) },
    Figure(nil, .counter("ringcast_http_timeouts_total", "Connections closed because a client took too long.")) {
      .each(
        "at",
        [
          ("request", Double($0.headerTimeouts)), ("idle", Double($0.idleTimeouts)),
          ("answer", Double($0.answerTimeouts)),
        ])
    },
    Figure(
      "server.late",
      .counter("ringcast_listeners_dropped_total", "Listeners of the endless streams that fell too far behind.")
    ) { .count($0.late) },
    Figure(
      "server.abuses",
      .counter(
        "ringcast_http2_abuses_total", "HTTP/2 connections ended because of their clients, by the kind of abuse.")
    ) {
      .each("kind", $0.abuses.sorted { $0.key < $1.key }.map { (label: $0.key, value: Double($0.value)) })
    },
    Figure(
      "server.handshakeFailures",
      .counter("ringcast_tls_handshake_failures_total", "TLS handshakes that failed.")
    ) { .count($0.handshakeFailures) },
    Figure(
      "server.malformed",
      .counter("ringcast_http2_malformed_requests_total", "Requests of HTTP/2 that were reset, without an answer.")
    ) { .count($0.malformedRequests) },
    Figure("server.bytes", .counter("ringcast_http_sent_bytes_total", "Bytes of content sent.")) { .count($0.bytes) },
    Figure("server.answers", .counter("ringcast_http_requests_total", "Requests answered, by status.")) {
      .each(
        "code", $0.answers.sorted { $0.key < $1.key }.map { (label: String($0.key), value: Double($0.value)) })
    },
  ]
}

extension Figures {
  /// The server of the operators' port.
  private static let operators: [Figure<StationSnapshot>] = [
    Figure(
      "operators.connections",
      .gauge("ringcast_operators_http_connections", "Connections to the operators' port that are open.")
    ) { .count($0.operators?.connections) },
    Figure("operators.refused", nil) { .count($0.operators.map { $0.refusedOverLimit + $0.refusedPerAddress }) },
    Figure(
      nil,
      .counter(
        "ringcast_operators_http_connections_refused_total",
        "Connections to the operators' port and requests refused, by limit.")
    ) {
      .each(
        "limit",
        $0.operators.map {
          [
            (label: "port", value: Double($0.refusedOverLimit)),
            (label: "address", value: Double($0.refusedPerAddress)),
          ]
        } ?? [])
    },
    Figure(
      nil,
      .counter("ringcast_operators_http_requests_total", "Requests to the operators' port answered, by status.")
    ) {
      .each(
        "code",
        ($0.operators?.answers ?? [:]).sorted { $0.key < $1.key }.map {
          (label: String($0.key), value: Double($0.value))
        })
    },
  ]
}

extension Figures {
  private static let process: [Figure<ProcessUsage>] = [
    Figure("process.memory", .gauge("process_resident_memory_bytes", "Memory in use.")) { .count($0.memory) },
    Figure("process.descriptors", .gauge("process_open_fds", "Files and sockets open.")) { .count($0.descriptors) },
    Figure("process.mostDescriptors", .gauge("process_max_fds", "Files and sockets that may be open.")) {
      .count($0.mostDescriptors)
    },
    Figure("process.processor", .counter("process_cpu_seconds_total", "Processor time.")) { .seconds($0.processor) },
  ]
}

extension Figures {
  private static let source: [Figure<StreamFigures>] = [
    Figure(nil, .gauge("ringcast_source_info", "The kind of source, as a label.")) { .word($0.kind, label: "kind") },
    Figure(nil, .gauge("ringcast_source_up", "Whether the source gives sound.")) { .flag($0.source.isUp) },
    Figure(nil, .gauge("ringcast_source_silent", "Whether there is an alarm because of silence.")) {
      .flag($0.source.isSilent)
    },
    Figure("source.reason", nil) { .json($0.source.reason.map { .string($0) } ?? .null) },
    Figure("source.restarts", .counter("ringcast_source_restarts_total", "Times that the source came back.")) {
      .count($0.source.restarts)
    },
    Figure(
      "source.filled",
      .counter(
        "ringcast_source_filled_seconds_total", "Silence, or the fallback, for sound that the source did not give.")
    ) { .seconds($0.filled) },
    Figure(nil, .gauge("ringcast_level_peak_dbfs", "Highest sample of the last second, by channel.")) {
      .each("channel", channels($0) { $0.peak })
    },
    Figure(nil, .gauge("ringcast_level_rms_dbfs", "Loudness of the last second, by channel.")) {
      .each("channel", channels($0) { $0.rms })
    },
  ]

  private static let publishing: [Figure<StreamFigures>] = [
    Figure("production.sound", .counter("ringcast_encoded_sound_seconds_total", "Sound encoded.")) {
      .seconds($0.production.sound.seconds)
    },
    Figure("production.encoding", .counter("ringcast_encoding_seconds_total", "Time that encoding took.")) {
      .seconds($0.production.encoding.seconds)
    },
    Figure(
      "production.publishing",
      .histogram(
        "ringcast_publish_latency_seconds",
        "Time from the capture of a piece's last sample until listeners can have the piece.")
    ) { .histogram($0.production.publishing) },
  ]

  private static let storage: [Figure<StreamFigures>] = [
    Figure("ring.first", .gauge("ringcast_ring_first_sequence", "Number of the first segment listed.")) {
      .count($0.ring.first)
    },
    Figure("ring.last", .gauge("ringcast_ring_last_sequence", "Number of the last segment listed.")) {
      .count($0.ring.last)
    },
    Figure("ring.segments", .gauge("ringcast_ring_segments", "Segments listed.")) { .count($0.ring.segments) },
    Figure("ring.bytes", .gauge("ringcast_ring_bytes", "Bytes of the segments listed.")) { .count($0.ring.bytes) },
    Figure("ring.recording", nil) { figures in
      .json(
        figures.ring.recording.map {
          .object([("sequence", .number($0)), ("bytes", .number(figures.ring.recorded))])
        } ?? .null)
    },
    Figure("disk.well", .gauge("ringcast_disk_up", "Whether the disk takes the segments in time.")) {
      .flag($0.disk.isWell)
    },
    Figure("disk.errors", .counter("ringcast_disk_errors_total", "Attempts to write that have failed.")) {
      .count($0.disk.errors)
    },
  ]

  /// A figure of each channel's level; channels are counted from 1.
  private static func channels(
    _ figures: StreamFigures, _ figure: (Level) -> Double
  ) -> [(label: String, value: Double)] {
    figures.source.measured.levels.enumerated().map { (label: String($0.offset + 1), value: figure($0.element)) }
  }
}

extension ListenerTable.Way {
  /// The word that operators read.
  fileprivate var label: String {
    switch self {
    case .plain: "plain"
    case .lowLatency: "low-latency"
    case .growing: "growing"
    case .endless: "endless"
    }
  }
}
