import Core

extension Figures {
  /// The events told to webhooks. Two receivers at one host are summed up in `/metrics`, and no report has more of a URL
  /// than the host.
  static let webhooks: [Figure<StationSnapshot>] = [
    Figure("webhooks", nil) { .json(.array($0.webhooks.map(\.status))) },
    Figure(
      nil,
      .counter(
        "ringcast_webhook_events_total", "Events for webhooks that were sent, have failed, or were dropped, by host.")
    ) { station in
      .rows(
        station.figuresByHost.flatMap { host, figures in
          [("sent", figures.sent), ("failed", figures.failed), ("dropped", figures.dropped)].map { outcome, count in
            (labels: ["host": host, "outcome": outcome], value: Double(count))
          }
        })
    },
    Figure(nil, .gauge("ringcast_webhook_waiting_events", "Events that wait for a webhook, by host.")) { station in
      .each("host", station.figuresByHost.map { (label: $0, value: Double($1.waiting)) })
    },
  ]
}

extension StationSnapshot {
  /// Sorted by the host.
  fileprivate var figuresByHost: [(host: String, figures: WebhookQueue.Figures)] {
    Dictionary(webhooks.map { ($0.host, $0.figures) }, uniquingKeysWith: +)
      .sorted { $0.key < $1.key }.map { (host: $0.key, figures: $0.value) }
  }
}

extension WebhookSnapshot {
  /// The receiver in `/status`.
  fileprivate var status: JSON {
    .object([
      ("host", .string(host)), ("sent", .number(figures.sent)), ("failed", .number(figures.failed)),
      ("dropped", .number(figures.dropped)), ("waiting", .number(figures.waiting)),
    ])
  }
}
