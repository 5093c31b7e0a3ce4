import Core

/// A metric with its samples, as Prometheus reads it: "Exposition formats", text format 0.0.4.
struct Metric: Equatable, Sendable {
  enum Kind: String {
    case counter, gauge, histogram
  }

  struct Sample: Equatable, Sendable {
    /// What its name has more than the metric's.
    var suffix = ""
    var labels: [String: String] = [:]
    let value: Double
  }

  let name: String
  let kind: Kind
  let help: String
  let samples: [Sample]

  init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    (self.name, self.kind, self.help, self.samples) = (name, kind, help, samples)
  }

  static func counter(_ name: String, _ help: String, _ value: Double?) -> Metric {
    Metric(name, .counter, help, samples(value))
  }

  static func counter(_ name: String, _ help: String, _ value: Int?) -> Metric {
    counter(name, help, value.map(Double.init))
  }

  static func gauge(_ name: String, _ help: String, _ value: Double?) -> Metric {
    Metric(name, .gauge, help, samples(value))
  }

  static func gauge(_ name: String, _ help: String, _ value: Int?) -> Metric {
    gauge(name, help, value.map(Double.init))
  }

  static func gauge(_ name: String, _ help: String, _ value: Bool) -> Metric { gauge(name, help, value ? 1 : 0) }

  /// A sample for each value of one label.
  static func each(_ name: String, _ kind: Kind, _ help: String, _ label: String, _ values: [(String, Int)]) -> Metric {
    Metric(name, kind, help, values.map { Sample(labels: [label: $0.0], value: Double($0.1)) })
  }

  static func histogram(_ name: String, _ help: String, _ histogram: Histogram) -> Metric {
    var count = 0
    let buckets = zip(histogram.bounds + [.infinity], histogram.counts).map { bound, more in
      count += more
      return Sample(suffix: "_bucket", labels: ["le": Self.number(bound)], value: Double(count))
    }
    let sums = [Sample(suffix: "_sum", value: histogram.sum), Sample(suffix: "_count", value: Double(count))]
    return Metric(name, .histogram, help, buckets + sums)
  }

  /// What is not known has no sample, rather than one that is no number.
  private static func samples(_ value: Double?) -> [Sample] {
    value.flatMap { $0.isFinite ? [Sample(value: $0)] : nil } ?? []
  }
}

extension Metric {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// All of them, one after the other; those without a sample are left out.
  static func text(_ metrics: [Metric]) -> String { metrics.map(\.text).joined() }

  private var text: String {
    guard !samples.isEmpty else { return "" }
    let lines = samples.map { sample in
      let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }
      let braced = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
      return "\(name)\(sample.suffix)\(braced) \(Self.number(sample.value))\n"
    }
    return "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n" + lines.joined()
  }

  /// As Go's ParseFloat takes it.
  private static func number(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    return value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf"
  }

  /// "label_value can be any sequence of UTF-8 characters, but the backslash (\), double-quote ("), and line feed (\n)
  /// characters have to be escaped as \\, \", and \n"; in a help text the double-quote has not.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
