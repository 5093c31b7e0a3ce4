import Core

/// A figure of the station or of a stream: its key in `/status` or `live.json`, its metric in `/metrics`, and its value in
/// a snapshot. All figures stand in the tables of Figures.swift and StreamFacts.swift; the three reports are renderings of
/// these tables.
struct Figure<Subject>: Sendable {
  /// The key in `/status` or `live.json`; a dot stands between an object and its member. Nil for a figure that `/status` shows in another
  /// form.
  let key: String?
  /// Nil for a figure that `/metrics` shows in another form.
  let metric: Metric.Heading?
  let value: @Sendable (Subject) -> FigureValue

  init(_ key: String?, _ metric: Metric.Heading?, _ value: @escaping @Sendable (Subject) -> FigureValue) {
    self.key = key
    self.metric = metric
    self.value = value
  }

  /// The same figure for a report that shows the key in another object.
  var withoutKey: Figure { Figure(nil, metric, value) }

  /// The same figure as a figure of a whole that has the subject.
  func of<Whole>(_ part: @escaping @Sendable (Whole) -> Subject) -> Figure<Whole> {
    Figure<Whole>(key, metric) { [value] in value(part($0)) }
  }
}

/// The value of a figure. A value that is not known is null in `/status`, and has no sample in `/metrics`.
enum FigureValue {
  case count(Int?)
  /// Not negative.
  case seconds(Double?)
  /// Decibels, parts per million.
  case level(Double?)
  case flag(Bool)
  /// A word, which is the label of a sample.
  case word(String, label: String)
  /// A value for each value of a label.
  case each(String, [(label: String, value: Double)])
  /// A value for each row of labels.
  case rows([(labels: [String: String], value: Double)])
  case histogram(Histogram)
  case json(JSON)
}

extension FigureValue {
  var json: JSON {
    switch self {
    case .count(let value): value.map { .number($0) } ?? .null
    case .seconds(let value): value.map { Self.decimal(seconds: $0) } ?? .null
    case .level(let value): value.map { .decimal(tenths: $0) } ?? .null
    case .flag(let value): .bool(value)
    case .word(let value, _): .string(value)
    case .each(_, let values): .object(values.map { ($0.label, .number(Int($0.value))) })
    case .rows: .null
    case .histogram(let histogram):
      .object([
        ("count", .number(histogram.counts.reduce(0, +))), ("sum", Self.decimal(seconds: histogram.sum)),
      ])
    case .json(let json): json
    }
  }

  /// To the nearest microsecond.
  private static func decimal(seconds: Double) -> JSON {
    .decimal(Duration.microseconds(Int((seconds * 1_000_000).rounded())).decimalSeconds)
  }

  var samples: [Metric.Sample] {
    switch self {
    case .count(let value): Metric.samples(value.map(Double.init))
    case .seconds(let value), .level(let value): Metric.samples(value)
    case .flag(let value): Metric.samples(value ? 1 : 0)
    case .word(let value, let label): [Metric.Sample(labels: [label: value], value: 1)]
    case .each(let name, let values): values.map { Metric.Sample(labels: [name: $0.label], value: $0.value) }
    case .rows(let rows): rows.map { Metric.Sample(labels: $0.labels, value: $0.value) }
    case .histogram(let histogram): Metric.samples(histogram)
    case .json: []
    }
  }
}

extension [Figure<StreamSnapshot>] {
  /// The metrics of some streams. Where there is more than one stream, each sample has the label `stream`; a station of one
  /// stream has no such label, so that rules written for the name alone stay true.
  func metrics(of streams: [StreamSnapshot]) -> [Metric] {
    compactMap { figure in
      figure.metric.map { heading in
        Metric(
          heading,
          streams.flatMap { stream in
            figure.value(stream).samples.map { streams.count > 1 ? $0.labelled("stream", stream.name.text) : $0 }
          })
      }
    }
  }
}

extension Array {
  /// The metrics of one subject.
  func metrics<Subject>(of subject: Subject) -> [Metric] where Element == Figure<Subject> {
    compactMap { figure in figure.metric.map { Metric($0, figure.value(subject).samples) } }
  }

  /// The members of a JSON object, with the figures of one object together.
  func members<Subject>(of subject: Subject) -> [(String, JSON)] where Element == Figure<Subject> {
    var members: [(name: String, values: [(String, JSON)])] = []
    for figure in self {
      guard let key = figure.key else { continue }
      let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
      let value = (parts.count == 2 ? parts[1] : "", figure.value(subject).json)
      if let index = members.firstIndex(where: { $0.name == parts[0] }) {
        members[index].values.append(value)
      } else {
        members.append((parts[0], [value]))
      }
    }
    return members.map { name, values in (name, values[0].0.isEmpty ? values[0].1 : .object(values)) }
  }
}
