import Audio
import Core
import HTTP
import Logging
import Rooms
import Testing
import Voice

@testable import Live

@Suite struct FiguresTests {
  private func stream(_ name: String, sequence: Int) throws -> StreamSnapshot {
    var stream = StreamSnapshot(name: try StreamName(name))
    stream.description = .object([("stream", .string(name))])
    stream.figures.kind = "tone"
    stream.figures.source.note(SourceHealth.Measured(levels: [Level(peak: -1, rms: -20)], clipped: 0, drift: 2))
    (stream.figures.ring.first, stream.figures.ring.last) = (1, sequence)
    stream.listeners = ListenerCounter.Figures(ways: [.plain: sequence], sessions: sequence)
    return stream
  }

  private func station(_ streams: [StreamSnapshot]) -> StationSnapshot {
    var station = StationSnapshot(streams: streams)
    station.lostLines = 0
    station.server.answers = [200: 1]
    station.operators = station.server
    station.process.memory = 1
    station.process.descriptors = 2
    station.process.mostDescriptors = 3
    station.rooms = RoomsSnapshot(rooms: [room], eventsByRoom: [room.name: 9])
    station.voices = voices
    station.webhooks = [
      WebhookSnapshot(host: "b.example", figures: WebhookQueue.Figures(sent: 1, failed: 2, dropped: 3, waiting: 4)),
      WebhookSnapshot(host: "a.example", figures: WebhookQueue.Figures(sent: 5)),
      WebhookSnapshot(host: "b.example", figures: WebhookQueue.Figures(sent: 10)),
    ]
    return station
  }

  private var room: RoomSummary {
    var room = RoomSummary(
      name: RoomName("studio")!, members: 3, isLocked: true, isInviteOnly: false, hasCalls: true, messagesAMinute: 4)
    room.audience = 20
    return room
  }

  private var voices: VoicesSnapshot {
    var figures = VoiceFigures()
    (figures.level, figures.isTalking, figures.delay, figures.drift) = (-20, true, 960, 12)
    (figures.underruns, figures.concealed, figures.dropped) = (1, 2, 3)
    var voices = VoicesSnapshot()
    voices.members = [room.name: 3]
    voices.talkers = [
      VoicesSnapshot.Talker(
        room: room.name, member: MemberID(281)!, figures: figures, delay: .milliseconds(70), lost: 4),
      // A talker whose packets do not arrive has no delay.
      VoicesSnapshot.Talker(room: room.name, member: MemberID(282)!, figures: VoiceFigures(), delay: nil, lost: 0),
    ]
    (voices.lateTicks, voices.skippedTicks) = (5, 6)
    return voices
  }

  private func text(_ station: StationSnapshot) -> String { Metric.text(station.metrics) }

  @Test func `each has a name of its own, as Prometheus takes it, that says what it is`() throws {
    let metrics = station([try stream("live", sequence: 2)]).metrics
    #expect(Set(metrics.map(\.name)).count == metrics.count)
    for metric in metrics {
      #expect(metric.name.hasPrefix("ringcast_") || metric.name.hasPrefix("process_"))
      #expect(metric.name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
      #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter))
      #expect(metric.help.hasSuffix(".") && !metric.samples.isEmpty, "\(metric.name)")
    }
  }

  @Test func `a room is the label of its figures`() throws {
    var station = station([try stream("live", sequence: 2)])
    for line in [
      "ringcast_rooms 1", #"ringcast_room_members{room="studio"} 3"#, #"ringcast_room_audience{room="studio"} 20"#,
      #"ringcast_room_messages_total{room="studio"} 9"#,
    ] { #expect(text(station).contains("\n\(line)\n"), "\(line)") }
    let rooms = Figures.rooms.members(of: station)
    #expect(
      JSON.object(rooms).text
        == #"{"rooms":[{"name":"studio","members":3,"audience":20,"messagesPerMinute":4,"locked":true,"#
        + #""inviteOnly":false,"calls":true}]}"#)
    station.rooms = nil
    #expect(!text(station).contains("ringcast_room"))
    #expect(JSON.object(Figures.rooms.members(of: station)).text == #"{"rooms":null}"#)
  }

  @Test func `a talker is two labels of the figures`() throws {
    var station = station([try stream("live", sequence: 2)])
    let labels = #"{member="281",room="studio"}"#
    for line in [
      "ringcast_mixer_late_ticks_total 5", "ringcast_mixer_skipped_ticks_total 6",
      #"ringcast_voice_members{room="studio"} 3"#, "ringcast_voice_delay_seconds\(labels) 0.07",
      "ringcast_voice_level_dbfs\(labels) -20", "ringcast_voice_underruns_total\(labels) 1",
      "ringcast_voice_concealed_total\(labels) 2", "ringcast_voice_dropped_packets_total\(labels) 7",
      "ringcast_voice_drift_ppm\(labels) 12", #"ringcast_voice_level_dbfs{member="282",room="studio"} -120"#,
    ] { #expect(text(station).contains("\n\(line)\n"), "\(line)") }
    #expect(!text(station).contains(#"ringcast_voice_delay_seconds{member="282""#))
    #expect(
      JSON.object(Figures.voices.members(of: station)).text
        == #"{"voices":{"lateTicks":5,"skippedTicks":6,"talkers":[{"room":"studio","member":281,"talking":true,"#
        + #""level":-20.0,"delay":70,"buffer":20,"underruns":1,"concealed":2,"dropped":7,"drift":12.0},"#
        + #"{"room":"studio","member":282,"talking":false,"level":-120.0,"delay":null,"buffer":0,"underruns":0,"#
        + #""concealed":0,"dropped":0,"drift":0.0}]}}"#)
    station.voices = nil
    #expect(!text(station).contains("ringcast_voice") && !text(station).contains("ringcast_mixer"))
    #expect(JSON.object(Figures.voices.members(of: station)).text == #"{"voices":null}"#)
  }

  @Test func `the events for webhooks are counted by host`() throws {
    let station = station([try stream("live", sequence: 2)])
    for line in [
      #"ringcast_webhook_events_total{host="a.example",outcome="sent"} 5"#,
      #"ringcast_webhook_events_total{host="b.example",outcome="sent"} 11"#,
      #"ringcast_webhook_events_total{host="b.example",outcome="failed"} 2"#,
      #"ringcast_webhook_events_total{host="b.example",outcome="dropped"} 3"#,
      #"ringcast_webhook_waiting_events{host="b.example"} 4"#,
    ] { #expect(text(station).contains("\n\(line)\n"), "\(line)") }
    #expect(
      JSON.object(Figures.webhooks.members(of: station)).text
        == #"{"webhooks":[{"host":"b.example","sent":1,"failed":2,"dropped":3,"waiting":4},"#
        + #"{"host":"a.example","sent":5,"failed":0,"dropped":0,"waiting":0},"#
        + #"{"host":"b.example","sent":10,"failed":0,"dropped":0,"waiting":0}]}"#)
  }

  @Test func `the names that scripts know are there`() throws {
    let names = Set(station([try stream("live", sequence: 2)]).metrics.map(\.name))
    #expect(
      names == [
        "ringcast_build_info", "ringcast_uptime_seconds", "process_start_time_seconds", "process_cpu_seconds_total",
        "process_resident_memory_bytes", "process_open_fds", "process_max_fds", "ringcast_listeners",
        "ringcast_sessions_total", "ringcast_listeners_dropped_total", "ringcast_http_requests_total",
        "ringcast_http_sent_bytes_total", "ringcast_http_connections", "ringcast_http_connections_accepted_total",
        "ringcast_http_connections_refused_total", "ringcast_http_timeouts_total", "ringcast_http2_abuses_total",
        "ringcast_access_log_lost_lines_total", "ringcast_source_info", "ringcast_source_up", "ringcast_source_silent",
        "ringcast_source_restarts_total", "ringcast_source_overruns_total", "ringcast_source_filled_seconds_total",
        "ringcast_source_drift_ppm", "ringcast_level_peak_dbfs", "ringcast_level_rms_dbfs",
        "ringcast_clipped_samples_total", "ringcast_encoded_sound_seconds_total", "ringcast_encoding_seconds_total",
        "ringcast_publish_latency_seconds", "ringcast_ring_first_sequence", "ringcast_ring_last_sequence",
        "ringcast_ring_segments", "ringcast_ring_bytes", "ringcast_stream_ended", "ringcast_disk_up",
        "ringcast_rooms", "ringcast_room_members", "ringcast_room_audience", "ringcast_room_messages_total",
        "ringcast_mixer_late_ticks_total", "ringcast_mixer_skipped_ticks_total", "ringcast_voice_members",
        "ringcast_voice_delay_seconds", "ringcast_voice_level_dbfs", "ringcast_voice_drift_ppm",
        "ringcast_voice_underruns_total", "ringcast_voice_concealed_total", "ringcast_voice_dropped_packets_total",
        "ringcast_disk_errors_total", "ringcast_tls_handshake_failures_total",
        "ringcast_http2_malformed_requests_total", "ringcast_operators_http_connections",
        "ringcast_operators_http_connections_refused_total", "ringcast_operators_http_requests_total",
        "ringcast_webhook_events_total", "ringcast_webhook_waiting_events",
      ])
  }

  @Test func `each kind of abuse has a sample from the start`() throws {
    var station = station([try stream("live", sequence: 2)])
    #expect(text(station).contains("\nringcast_http2_abuses_total{kind=\"resets\"} 0\n"))
    station.server.abuses["resets", default: 0] += 1
    #expect(text(station).contains("\nringcast_http2_abuses_total{kind=\"resets\"} 1\n"))
    #expect(text(station).contains("\nringcast_http2_abuses_total{kind=\"settings\"} 0\n"))
  }

  @Test func `a station of one stream has no label of the stream, so that what reads the name alone goes on`() throws {
    let text = text(station([try stream("live", sequence: 7)]))
    #expect(text.contains("\nringcast_ring_last_sequence 7\n"))
    #expect(text.contains("\nringcast_listeners{way=\"plain\"} 7\n"))
    #expect(!text.contains("stream=\""))
  }

  @Test func `of several streams each figure of a stream has its label, under one name`() throws {
    let text = text(station([try stream("live", sequence: 7), try stream("hall", sequence: 9)]))
    #expect(
      text.contains(
        "ringcast_ring_last_sequence{stream=\"live\"} 7\nringcast_ring_last_sequence{stream=\"hall\"} 9\n"))
    #expect(text.contains("\nringcast_listeners{stream=\"hall\",way=\"plain\"} 9\n"))
    #expect(text.contains("\nringcast_publish_latency_seconds_bucket{le=\"+Inf\",stream=\"hall\"} 0\n"))
    #expect(text.contains("\nringcast_level_peak_dbfs{channel=\"1\",stream=\"live\"} -1\n"))
    #expect(text.contains("\nringcast_http_connections 0\n"))
    for metric in Figures.stream.metrics(of: [try stream("live", sequence: 7), try stream("hall", sequence: 9)]) {
      #expect(Set(metric.samples.map { $0.labels["stream"] }) == ["live", "hall"], "\(metric.name)")
    }
    #expect(text.split(separator: "\n").count { $0.hasPrefix("# TYPE ringcast_ring_last_sequence ") } == 1)
  }

  @Test func `the status has the first stream's values beside the station's, and lists every stream`() throws {
    let station = station([try stream("live", sequence: 7), try stream("hall", sequence: 9)])
    let reports = StationReports(log: Log(level: .error)) { station }
    let response = reports.status(headers: []).response(to: Request(method: .get, path: "/status"))
    let text = String(decoding: response.content, as: UTF8.self)
    #expect(text.contains(#""stream":{"stream":"live"},"playing":{"title":null,"artist":null},"uptime":0,"#))
    let listeners = #""listeners":{"now":16,"plain":16,"lowLatency":0,"growing":0,"endless":0,"sessions":16}"#
    #expect(text.contains(#""uptime":0,"# + listeners))
    #expect(text.contains(#""ring":{"first":1,"last":7,"segments":0,"bytes":0,"recording":null},"disk":"#))
    #expect(text.contains(#""streams":[{"name":"live","stream":{"stream":"live"},"#))
    #expect(text.contains(#"{"name":"hall","stream":{"stream":"hall"},"playing":{"title":null,"artist":null},"#))
    #expect(text.contains(#""listeners":{"now":9,"#))
    #expect(text.contains(#""ring":{"first":1,"last":9,"#))
  }
}
