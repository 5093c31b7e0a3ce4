import Audio
import HTTP

extension StationStatistics {
  /// What Prometheus is told, with the names and units of its conventions ("Metric and label naming").
  var metrics: [Metric] { program + audience + requests + source + publishing + storage }

  private var program: [Metric] {
    [
      Metric(
        "ringcast_build_info", .gauge, "The version, as a label.",
        [Metric.Sample(labels: ["version": Configuration.version], value: 1)]),
      .gauge("ringcast_uptime_seconds", "Time since the start.", uptime),
      .gauge("process_start_time_seconds", "When the process began, since 1970.", began),
      .counter("process_cpu_seconds_total", "Processor time.", process.processor),
      .gauge("process_resident_memory_bytes", "Memory in use.", process.memory),
      .gauge("process_open_fds", "Files and sockets open.", process.descriptors),
      .gauge("process_max_fds", "How many may be.", process.mostDescriptors),
    ]
  }

  private var audience: [Metric] {
    [
      .each(
        "ringcast_listeners", .gauge, "Who listens now, by the way of listening.", "way",
        ListenerTable.Way.allCases.map { ($0.label, listeners.ways[$0] ?? 0) }),
      .counter("ringcast_sessions_total", "Listeners that have come.", listeners.sessions),
      .counter(
        "ringcast_listeners_dropped_total", "Listeners of the endless stream who fell too far behind.",
        server.late),
    ]
  }

  private var requests: [Metric] {
    [
      .each(
        "ringcast_http_requests_total", .counter, "Requests answered, by status.", "code",
        server.answers.sorted { $0.key < $1.key }.map { (String($0.key), $0.value) }),
      .counter("ringcast_http_sent_bytes_total", "Bytes of content sent.", server.bytes),
      .gauge("ringcast_http_connections", "Connections there are.", server.connections),
      .counter("ringcast_http_connections_accepted_total", "Connections let in.", server.accepted),
      .each(
        "ringcast_http_connections_refused_total", .counter, "Connections refused, by the flag that limits them.",
        "limit",
        [("listeners", server.refusedOverLimit), ("address", server.refusedPerAddress)]),
      .each(
        "ringcast_http_timeouts_total", .counter, "Connections closed because a client took too long.", "at",
        [("request", server.headerTimeouts), ("idle", server.idleTimeouts), ("answer", server.answerTimeouts)]),
      .counter("ringcast_access_log_lost_lines_total", "Lines that could not be written.", lostLines),
    ]
  }

  private var source: [Metric] {
    let health = stream.source
    let levels = health.measured.levels.enumerated().map { (String($0.offset + 1), $0.element) }
    return [
      Metric(
        "ringcast_source_info", .gauge, "The kind of source, as a label.",
        [Metric.Sample(labels: ["kind": stream.kind], value: 1)]),
      .gauge("ringcast_source_up", "Whether the device gives sound.", health.isUp),
      .gauge("ringcast_source_silent", "Whether there is an alarm because of silence.", health.isSilent),
      .counter("ringcast_source_restarts_total", "Times that the device came back.", health.restarts),
      .counter("ringcast_source_overruns_total", "Overruns of the device's buffer.", health.overruns),
      .counter(
        "ringcast_source_filled_seconds_total", "Silence, or the fallback, for sound that the source did not give.",
        stream.filled),
      .gauge(
        "ringcast_source_drift_ppm", "By how much the source's clock is faster than the machine's.",
        health.measured.drift),
      Metric(
        "ringcast_level_peak_dbfs", .gauge, "Highest sample of the last second, by channel.",
        levels.map { Metric.Sample(labels: ["channel": $0.0], value: $0.1.peak) }),
      Metric(
        "ringcast_level_rms_dbfs", .gauge, "Loudness of the last second, by channel.",
        levels.map { Metric.Sample(labels: ["channel": $0.0], value: $0.1.rms) }),
      .counter(
        "ringcast_clipped_samples_total", "Samples at full scale in runs of three and more.", health.measured.clipped),
    ]
  }

  private var publishing: [Metric] {
    [
      .counter("ringcast_encoded_sound_seconds_total", "Sound encoded.", stream.production.sound),
      .counter("ringcast_encoding_seconds_total", "Time that encoding took.", stream.production.encoding),
      .histogram(
        "ringcast_publish_latency_seconds", "From a piece's last sample being captured until listeners can have it.",
        stream.production.publishing),
    ]
  }

  private var storage: [Metric] {
    [
      .gauge("ringcast_ring_first_sequence", "Number of the first segment listed.", stream.ring.first),
      .gauge("ringcast_ring_last_sequence", "Number of the last segment listed.", stream.ring.last),
      .gauge("ringcast_ring_segments", "Segments listed.", stream.ring.segments),
      .gauge("ringcast_ring_bytes", "Bytes in them.", stream.ring.bytes),
      .gauge("ringcast_stream_ended", "Whether the input has ended.", stream.ring.ended),
      .gauge("ringcast_disk_up", "Whether the disk takes the segments in time.", stream.disk.isWell),
      .counter("ringcast_disk_errors_total", "Attempts to write that have failed.", stream.disk.errors),
    ]
  }
}

extension ListenerTable.Way {
  /// As operators read it.
  var label: String {
    switch self {
    case .plain: "plain"
    case .lowLatency: "low-latency"
    case .growing: "growing"
    case .endless: "endless"
    }
  }
}
