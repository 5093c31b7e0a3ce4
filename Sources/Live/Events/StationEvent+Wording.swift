import Core

// The words of an event: its name and its details for programs, and its sentence for people.

extension StationEvent {
  /// The longest reason, in characters: a reason may contain the path of a file.
  private static let longestReason = 300

  /// The value of `event`.
  var name: String {
    switch kind {
    case .started: "started"
    case .stopped: "stopped"
    case .sourceLost: "source_lost"
    case .sourceBack: "source_back"
    case .silenceBegan: "silence_began"
    case .silenceEnded: "silence_ended"
    case .fallbackBegan: "fallback_began"
    case .fallbackEnded: "fallback_ended"
    case .sourceClientConnected: "source_client_connected"
    case .sourceClientGone: "source_client_gone"
    case .diskFailed: "disk_failed"
    case .diskRecovered: "disk_recovered"
    case .recordingFailed: "recording_failed"
    case .recordingRecovered: "recording_recovered"
    case .listenerRecord: "listener_record"
    }
  }

  /// Whether somebody should look at the station now.
  var isAlarm: Bool {
    switch kind {
    case .sourceLost, .silenceBegan, .diskFailed, .recordingFailed: true
    case .sourceClientConnected, .sourceClientGone, .started, .stopped, .sourceBack, .silenceEnded, .fallbackBegan,
      .fallbackEnded, .diskRecovered, .recordingRecovered, .listenerRecord:
      false
    }
  }

  /// One English sentence.
  var text: String {
    switch kind {
    case .started(_, let streams):
      "The station has started with the stream\(streams.count == 1 ? "" : "s") \(Self.list(streams.map(\.text)))."
    case .stopped(let uptime): "The station stops after \(uptime.words)."
    case .sourceLost(let reason): "The source of \(subject) is lost: \(Self.short(reason))."
    case .sourceBack(let span): "The source of \(subject) is back after \(span.words)."
    case .silenceBegan(let span): "The source of \(subject) has been silent for \(span.words)."
    case .silenceEnded(let span): "The source of \(subject) has sound again, \(span.words) after the alarm."
    case .fallbackBegan: "The fallback of \(subject) is played."
    case .fallbackEnded(let span): "The fallback of \(subject) is not played any more, after \(span.words)."
    case .sourceClientConnected(let user, let program, let format):
      "The source client \(user) is live on \(subject) with \(format)\(program.isEmpty ? "" : ", by \(program)")."
    case .sourceClientGone(let user, let reason): "The source client \(user) of \(subject) \(Self.short(reason))."
    case .diskFailed(let reason): "The folder of \(subject) is not written: \(Self.short(reason))."
    case .diskRecovered(let span): "The folder of \(subject) is written again after \(span.words)."
    case .recordingFailed(let reason): "The recording of \(subject) is not written: \(Self.short(reason))."
    case .recordingRecovered(let span): "The recording of \(subject) is written again after \(span.words)."
    case .listenerRecord(let day):
      "The most listeners at the same time on \(day.date) were \(day.listeners), at \(day.clockTime) UTC."
    }
  }

  /// The members of the JSON object that this kind has beside those of all kinds.
  var details: [(String, JSON)] {
    switch kind {
    case .started(let version, let streams):
      [("version", .string(version)), ("streams", .array(streams.map { .string($0.text) }))]
    case .stopped(let uptime): [("uptime", uptime.json)]
    case .sourceLost(let reason), .diskFailed(let reason), .recordingFailed(let reason):
      [("reason", .string(Self.short(reason)))]
    case .silenceBegan(let span): [("seconds", span.json)]
    case .sourceBack(let span), .silenceEnded(let span), .fallbackEnded(let span), .diskRecovered(let span),
      .recordingRecovered(let span):
      [("seconds", span.json)]
    case .fallbackBegan: []
    case .sourceClientConnected(let user, let program, let format):
      [("user", .string(user)), ("program", .string(program)), ("format", .string(format))]
    case .sourceClientGone(let user, let reason): [("user", .string(user)), ("reason", .string(Self.short(reason)))]
    case .listenerRecord(let day):
      [("day", .string(day.date)), ("listeners", .number(day.listeners)), ("at", .string(day.time.text))]
    }
  }

  /// The event for programs.
  func json(station: String) -> JSON {
    .object(
      [("event", .string(name)), ("id", .string(id)), ("station", .string(station))]
        + (stream.map { [("stream", .string($0.text))] } ?? [])
        + [("time", .string(time.text)), ("text", .string(text))] + details)
  }

  private var subject: String { stream.map { "the stream \($0)" } ?? "the station" }

  private static func short(_ reason: String) -> String {
    reason.count <= longestReason ? reason : "\(reason.prefix(longestReason))…"
  }

  private static func list(_ names: [String]) -> String {
    names.count < 2
      ? names.joined() : "\(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1])"
  }
}

extension Duration {
  /// For people: whole seconds, minutes, hours or days.
  fileprivate var words: String {
    let seconds = Int(components.seconds)
    return switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) days"
    }
  }

  /// Seconds, to the millisecond.
  fileprivate var json: JSON { .decimal(Duration.milliseconds(milliseconds).decimalSeconds) }
}
