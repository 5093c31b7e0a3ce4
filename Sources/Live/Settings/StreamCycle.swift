/// Streams that play one another in a circle: each would wait for the sound of the next one. Pure.
enum StreamCycle {
  /// - Throws: for the first circle, with the names of its streams.
  static func check(_ settings: StationSettings) throws(InvalidInput) {
    let heard = Dictionary(
      settings.streams.map { ($0.name, $0.heardStreams) }, uniquingKeysWith: { first, _ in first })
    for stream in settings.streams {
      guard let circle = circle(from: stream.name, heard) else { continue }
      let next = circle[1]
      let isSource = stream.source == .stream(next)
      throw settings.naming(
        stream,
        in: InvalidInput(
          isSource ? .source : .fallback, "stream:\(next)",
          "the streams play one another in a circle: \(circle.map(\.text).joined(separator: " → "))"))
    }
  }

  /// The shortest way along the streams from one back to itself, with that stream at both ends; nil where there is none.
  static func circle(from start: StreamName, _ heard: [StreamName: [StreamName]]) -> [StreamName]? {
    var ways = [[start]]
    var seen: Set<StreamName> = []
    while !ways.isEmpty {
      var longer: [[StreamName]] = []
      for way in ways {
        for next in heard[way[way.count - 1]] ?? [] {
          if next == start { return way + [next] }
          if seen.insert(next).inserted { longer.append(way + [next]) }
        }
      }
      ways = longer
    }
    return nil
  }
}
