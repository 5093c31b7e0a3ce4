import Core
import Testing

@testable import Live

@Suite struct MetricTests {
  @Test func `a metric is its help, its type and its samples, in the order given`() {
    let text = Metric.text([
      Metric(.counter("a_total", "What happened."), Metric.samples(3)),
      Metric(.gauge("b", "How it is."), Metric.samples(-31.5)),
      Metric(.gauge("c", "By kind."), FigureValue.each("kind", [("x", 1), ("y", 0)]).samples),
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
    let values: [FigureValue] = [
      .level(nil), .level(.nan), .level(.infinity), .count(nil), .seconds(nil), .each("x", []), .json(.null),
    ]
    let metrics = values.map { Metric(.gauge("a", ""), $0.samples) }
    #expect(Metric.text(metrics) == "")
  }

  @Test func `help and labels are escaped as each wants it`() {
    let metric = Metric(
      .gauge("a", "a \\ \"b\"\nc"), [Metric.Sample(labels: ["z": "\\\"\n\u{e9}", "b": "1"], value: 1)])
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
      Metric.text([Metric(.histogram("a_seconds", "Time."), Metric.samples(histogram))]) == """
        # HELP a_seconds Time.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="0.1"} 2
        a_seconds_bucket{le="1"} 3
        a_seconds_bucket{le="+Inf"} 4
        a_seconds_sum 7.65
        a_seconds_count 4

        """)
  }
}
