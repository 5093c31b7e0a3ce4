import Audio
import Core
import HLS
import HTTP
import Logging
import Synchronization
import System

/// What operators are told of the program and its stream, for scripts and for the page of `/status.html`.
final class StatusReport: Sendable {
  private let stream: LiveStream
  private let statistics: @Sendable () -> StationStatistics
  private let log: Log
  private let history = Mutex(HourlyHistory())

  init(of stream: LiveStream, log: Log, statistics: @escaping @Sendable () -> StationStatistics) {
    (self.stream, self.log, self.statistics) = (stream, log, statistics)
  }

  /// Notes how many listen; to be called once in each `HourlyHistory.interval`, or more often.
  func sample() {
    let listeners = statistics().listeners.now
    history.withLock { $0.note(listeners, at: Clock.monotonic() / 1_000_000_000) }
  }

  /// - Parameter headers: that go with it.
  func representation(headers: [(name: String, value: String)]) -> Representation {
    let now = WallTime(microseconds: Clock.wall())
    let samples = history.withLock { $0.samples }
    let history = JSON.object([
      ("interval", .number(HourlyHistory.interval)), ("listeners", .array(samples.map { .number(orNull: $0) })),
    ])
    let json = JSON.object(
      [
        ("version", .string(Configuration.version)), ("now", .string(now.text)), ("stream", .object(stream.state)),
        ("playing", stream.titles.latest.json),
      ] + statistics().facts + [("history", history), ("log", .array(log.tail.entries.map(\.json)))])
    return .news(json, at: now, compressed: true, headers: headers)
  }
}

extension StationStatistics {
  /// Times are in seconds.
  fileprivate var facts: [(String, JSON)] {
    [
      ("uptime", .seconds(uptime)), ("listeners", .object(listeners.facts)), ("server", .object(server.facts)),
      ("source", .object([("restarts", .number(stream.source.restarts)), ("filled", .seconds(stream.filled))])),
      ("production", .object(stream.production.facts)), ("ring", .object(stream.ring.facts)),
      ("disk", .object([("well", .bool(stream.disk.isWell)), ("errors", .number(stream.disk.errors))])),
      ("process", .object(process.facts)),
    ]
  }
}

extension ListenerCounter.Figures {
  /// In whichever way they listen.
  fileprivate var now: Int { ways.values.reduce(0, +) }

  fileprivate var facts: [(String, JSON)] {
    [("now", .number(now))] + ListenerTable.Way.allCases.map { ("\($0)", .number(ways[$0] ?? 0)) }
      + [("sessions", .number(sessions))]
  }
}

extension Server.Figures {
  fileprivate var facts: [(String, JSON)] {
    [
      ("connections", .number(connections)), ("accepted", .number(accepted)),
      ("refused", .number(refusedOverLimit + refusedPerAddress)),
      ("timeouts", .number(headerTimeouts + idleTimeouts + answerTimeouts)), ("late", .number(late)),
      ("bytes", .number(bytes)),
      ("answers", .object(answers.sorted { $0.key < $1.key }.map { (String($0.key), .number($0.value)) })),
    ]
  }
}

extension EncodingStatistics.Figures {
  fileprivate var facts: [(String, JSON)] {
    let published = JSON.object([
      ("count", .number(publishing.counts.reduce(0, +))), ("sum", .seconds(publishing.sum)),
    ])
    return [("sound", .seconds(sound)), ("encoding", .seconds(encoding)), ("publishing", published)]
  }
}

extension RingFigures {
  fileprivate var facts: [(String, JSON)] {
    [
      ("first", .number(orNull: first)), ("last", .number(orNull: last)), ("segments", .number(segments)),
      ("bytes", .number(bytes)),
      ("recording", recording.map { .object([("sequence", .number($0)), ("bytes", .number(recorded))]) } ?? .null),
    ]
  }
}

extension ProcessUsage {
  fileprivate var facts: [(String, JSON)] {
    [
      ("memory", .number(orNull: memory)), ("descriptors", .number(orNull: descriptors)),
      ("mostDescriptors", .number(orNull: mostDescriptors)), ("processor", .seconds(processor)),
    ]
  }
}

extension JSON {
  fileprivate static func number(orNull value: Int?) -> JSON { value.map { .number($0) } ?? .null }

  /// Seconds that are not negative, to a microsecond.
  fileprivate static func seconds(_ value: Double) -> JSON {
    .decimal(Configuration.seconds(Int((value * 1_000_000).rounded())))
  }
}

extension Representation {
  /// What is outdated as it is sent.
  static func news(
    _ json: JSON, at now: WallTime, cacheControl: String = "no-store", compressed: Bool = false,
    headers: [(name: String, value: String)]
  ) -> Representation {
    Representation(
      Array("\(json.text)\n".utf8), contentType: "application/json", cacheControl: cacheControl,
      lastModified: now.microseconds / 1_000_000, ranges: false, compressed: compressed, headers: headers)
  }
}
