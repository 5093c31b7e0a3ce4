/// The listeners of every stream. A listener who asks for two streams is one of each.
final class Audiences: Sendable {
  private let counters: [StreamName: ListenerCounter]

  /// - Parameter streams: each stream with the length of its segments.
  init(_ streams: [StreamSettings]) {
    counters = Dictionary(
      uniqueKeysWithValues: streams.map { ($0.name, ListenerCounter(segmentLength: $0.segmentLength)) })
  }

  subscript(name: StreamName) -> ListenerCounter? { counters[name] }

  /// A connection is closed.
  func closed(_ connection: Int) {
    for counter in counters.values { counter.closed(connection) }
  }
}
