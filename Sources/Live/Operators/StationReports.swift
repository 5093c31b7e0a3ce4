import Core
import HTTP
import Logging
import Synchronization
import System

/// The reports to operators: `/status` for scripts and for the page of `/status.html`, and `/metrics` for Prometheus.
final class StationReports: Sendable {
  private let snapshot: @Sendable () -> StationSnapshot
  private let log: Log
  private let history = Mutex(HourlyHistory())

  /// - Parameter snapshot: the station at the moment of the call.
  init(log: Log, snapshot: @escaping @Sendable () -> StationSnapshot) {
    self.log = log
    self.snapshot = snapshot
  }

  /// Notes the number of listeners; to be called once in each `HourlyHistory.interval`, or more often.
  /// - Returns: that number.
  @discardableResult
  func sample() -> Int {
    let listeners = snapshot().listeners.now
    history.withLock { $0.note(listeners, at: .now) }
    return listeners
  }

  /// The answer to `/metrics`.
  func metrics() -> Representation {
    Representation(
      Array(Metric.text(snapshot().metrics).utf8), contentType: Metric.contentType, cacheControl: "no-store",
      validators: .init(lastModified: Clock.wall() / 1_000_000), features: .compressed)
  }

  /// The answer to `/status`.
  /// - Parameter headers: header fields that go with it.
  func status(headers: [(name: String, value: String)]) -> Representation {
    let now = WallTime(microseconds: Clock.wall())
    let samples = history.withLock { $0.samples }
    let history = JSON.object([
      ("interval", .number(Int(HourlyHistory.interval.components.seconds))),
      ("listeners", .array(samples.map { sample in sample.map { JSON.number($0) } ?? .null })),
    ])
    let json = JSON.object(
      [("version", .string(StationSettings.version)), ("now", .string(now.text))] + snapshot().members
        + [("history", history), ("log", .array(log.tail.entries.map(\.json)))])
    return .news(json, at: now, compressed: true, headers: headers)
  }
}

extension StationSnapshot {
  /// The metrics of the station, and those of its streams.
  var metrics: [Metric] {
    Figures.station.metrics(of: self) + Figures.stream.metrics(of: streams)
  }

  /// The members of `/status`: the first stream's values stand beside the station's, and each stream's in `streams`.
  fileprivate var members: [(String, JSON)] {
    let first = streams[0]
    return first.about + Figures.station.members(of: self)
      + Figures.shownForTheFirst.members(of: first)
      + [("streams", .array(streams.map { .object($0.members) }))]
  }
}

extension StreamSnapshot {
  fileprivate var about: [(String, JSON)] {
    [("stream", description), ("playing", playing.json)] + (client.map { [("sourceClient", $0)] } ?? [])
      + (recorder.map { [("recorder", $0)] } ?? [])
  }

  fileprivate var members: [(String, JSON)] {
    [("name", .string(name.text))] + about + Figures.stream.members(of: self)
  }
}

extension Representation {
  /// JSON that is outdated as soon as it is sent.
  static func news(
    _ json: JSON, at now: WallTime, cacheControl: String = "no-store", compressed: Bool = false,
    headers: [(name: String, value: String)]
  ) -> Representation {
    Representation(
      Array("\(json.text)\n".utf8), contentType: "application/json", cacheControl: cacheControl,
      validators: .init(lastModified: now.microseconds / 1_000_000), features: compressed ? .compressed : [],
      headers: headers)
  }
}
