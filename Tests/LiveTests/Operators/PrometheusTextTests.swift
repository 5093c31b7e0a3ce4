import Audio
import Core
import HTTP
import Testing

@testable import Live

@Suite struct MetricTests {
  @Test func `a metric is its help, its type and its samples, in the order given`() {
    let text = Metric.text([
      .counter("a_total", "What happened.", 3), .gauge("b", "How it is.", -31.5),
      .each("c", .gauge, "By kind.", "kind", [("x", 1), ("y", 0)]),
    ])
    #expect(
      text == """
        # HELP a_total What happened.
        # TYPE a_total counter
        a_total 3
        # HELP b How it is.
        # TYPE b gauge
        b -31.5
        # HELP c By kind.
        # TYPE c gauge
        c{kind="x"} 1
        c{kind="y"} 0

        """)
  }

  @Test func `what is not known, or no number, is left out`() {
    let none: Double? = nil
    let metrics: [Metric] = [
      .gauge("a", "", none), .gauge("b", "", .nan), .gauge("c", "", .infinity), .counter("d", "", nil as Int?),
      .each("e", .gauge, "", "x", []),
    ]
    #expect(Metric.text(metrics) == "")
  }

  @Test func `help and labels are escaped as each wants it`() {
    let metric = Metric(
      "a", .gauge, "a \\ \"b\"\nc", [Metric.Sample(labels: ["z": "\\\"\n\u{e9}", "b": "1"], value: 1)])
    #expect(
      Metric.text([metric]) == """
        # HELP a a \\\\ "b"\\nc
        # TYPE a gauge
        a{b="1",z="\\\\\\"\\n\u{e9}"} 1

        """)
  }

  @Test func `a histogram has cumulative buckets, the last without a bound, a sum and a count`() {
    var histogram = Histogram(bounds: [0.1, 1])
    for value in [0.05, 0.1, 0.5, 7] { histogram.add(value) }
    #expect(histogram.counts == [2, 1, 1])
    #expect(
      Metric.text([.histogram("a_seconds", "Time.", histogram)]) == """
        # HELP a_seconds Time.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="0.1"} 2
        a_seconds_bucket{le="1"} 3
        a_seconds_bucket{le="+Inf"} 4
        a_seconds_sum 7.65
        a_seconds_count 4

        """)
  }

  @Test func `each has a name of its own, as Prometheus takes it, that says what it is`() {
    var statistics = StationStatistics()
    statistics.stream.source.note(
      SourceHealth.Measured(levels: [Level(peak: -1, rms: -20)], clipped: 0, drift: 2))
    (statistics.stream.ring.first, statistics.stream.ring.last, statistics.lostLines) = (1, 2, 0)
    statistics.server.answers = [200: 1]
    (statistics.process.memory, statistics.process.descriptors, statistics.process.mostDescriptors) = (1, 2, 3)
    let metrics = statistics.metrics
    #expect(Set(metrics.map(\.name)).count == metrics.count)
    for metric in metrics {
      #expect(metric.name.hasPrefix("ringcast_") || metric.name.hasPrefix("process_"))
      #expect(metric.name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F })
      #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter))
      #expect(metric.help.hasSuffix(".") && !metric.samples.isEmpty, "\(metric.name)")
    }
  }
}
