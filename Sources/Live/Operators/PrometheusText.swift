import Core

/// A metric with its samples, as Prometheus reads it: "Exposition formats", text format 0.0.4.
struct Metric: Equatable, Sendable {
  enum Kind: String {
    case counter, gauge, histogram
  }

  struct Sample: Equatable, Sendable {
    /// The end of the sample's name after the metric's name.
    var suffix = ""
    var labels: [String: String] = [:]
    let value: Double

    /// The same sample with one more label.
    func labelled(_ name: String, _ value: String) -> Sample {
      var sample = self
      sample.labels[name] = value
      return sample
    }
  }

  /// A metric without its samples.
  struct Heading: Equatable, Sendable {
    let name: String
    let kind: Kind
    let help: String

    static func counter(_ name: String, _ help: String) -> Heading { Heading(name: name, kind: .counter, help: help) }
    static func gauge(_ name: String, _ help: String) -> Heading { Heading(name: name, kind: .gauge, help: help) }
    static func histogram(_ name: String, _ help: String) -> Heading {
      Heading(name: name, kind: .histogram, help: help)
    }
  }

  let heading: Heading
  let samples: [Sample]

  init(_ heading: Heading, _ samples: [Sample]) {
    self.heading = heading
    self.samples = samples
  }

  var name: String { heading.name }
  var kind: Kind { heading.kind }
  var help: String { heading.help }

  /// The cumulative buckets of a histogram, its sum and its count.
  static func samples(_ histogram: Histogram) -> [Sample] {
    var count = 0
    let buckets = zip(histogram.bounds + [.infinity], histogram.counts).map { bound, more in
      count += more
      return Sample(suffix: "_bucket", labels: ["le": Self.number(bound)], value: Double(count))
    }
    return buckets + [Sample(suffix: "_sum", value: histogram.sum), Sample(suffix: "_count", value: Double(count))]
  }

  /// A value that is not known, or is no number, has no sample.
  static func samples(_ value: Double?) -> [Sample] {
    value.flatMap { $0.isFinite ? [Sample(value: $0)] : nil } ?? []
  }
}

extension Metric {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The metrics one after the other; a metric without a sample is left out.
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

  /// A number as Go's ParseFloat reads it.
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
