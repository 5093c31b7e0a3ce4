import Core

/// The result, printed at the end.
struct Report {
  /// One line.
  let json: String

  init(
    _ options: Options, _ measurement: Measurement, tally: Tally, arrivals: EventArrivals, listeners: [Listener],
    watched: [ProcessFigures]
  ) {
    let (seconds, usage) = (measurement.length.seconds, measurement.usage)
    let perListenerSecond = seconds * Double(listeners.count)
    let silences = listeners.map(\.silence)
    var errors: [(String, Int)] = [
      ("refused", tally.refused), ("resets", tally.resets), ("malformed", tally.malformed), ("corrupt", tally.corrupt),
      ("jumps", tally.jumps), ("lost", listeners.reduce(0) { $0 + $1.course.lost }),
      ("deaf", listeners.count { !$0.isHearing }),
    ]
    errors += tally.statuses.sorted { $0.key < $1.key }.map { ("status\($0.key)", $0.value) }

    json = Self.object([
      ("mode", "\"\(options.mode.rawValue)\""),
      ("listeners", "\(listeners.count)"),
      ("seconds", Self.decimal(seconds)),
      ("requests", "\(measurement.requests)"),
      ("kilobitsPerListener", Self.decimal(Double(measurement.bytes) * 8 / 1000 / perListenerSecond)),
      (
        "gapMilliseconds",
        Self.object([
          ("median", Self.optional(tally.gaps.percentile(50))), ("p99", Self.optional(tally.gaps.percentile(99))),
          ("worst", Self.milliseconds(silences.map(\.worstGap).max())),
        ])
      ),
      (
        "silenceMilliseconds",
        Self.object([
          ("cushion", "\(options.cushion)"), ("worst", Self.milliseconds(silences.map(\.worst).max())),
          ("mean", Self.decimal(silences.reduce(.zero) { $0 + $1.total }.seconds * 1000 / Double(listeners.count))),
        ])
      ),
      ("events", "[" + arrivals.events.map(Self.event).joined(separator: ",") + "]"),
      ("errors", Self.object(errors.map { ($0, "\($1)") })),
      ("generatorMicroseconds", Self.decimal(Double(usage.own) / perListenerSecond)),
      ("generatorStallMilliseconds", Self.milliseconds(measurement.stall)),
      ("watchedMicroseconds", Self.decimal(Double(usage.watched) / perListenerSecond)),
      ("othersCores", Self.decimal(Double(usage.others) / 1e6 / seconds)),
      ("watchedKilobytes", "\(watched.reduce(0) { $0 + $1.memory })"),
    ])
  }

  private static func event(_ event: EventArrivals.Event) -> String {
    object([
      ("readers", "\(event.readers)"), ("firstMilliseconds", decimal(event.first.seconds * 1000)),
      ("medianMilliseconds", decimal(event.median.seconds * 1000)),
      ("lastMilliseconds", decimal(event.last.seconds * 1000)),
    ])
  }

  private static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }

  private static func optional(_ number: Int?) -> String { number.map(String.init) ?? "null" }

  private static func milliseconds(_ span: Duration?) -> String { optional(span?.milliseconds) }

  /// With three decimals at most.
  private static func decimal(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
}
