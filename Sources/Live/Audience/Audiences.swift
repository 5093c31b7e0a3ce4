/// The listeners of every stream. A listener who asks for two streams is one of each.
final class Audiences: Sendable {
  private let counters: [ListenerCounter]

  /// - Parameter streams: each stream with the length of its segments.
  init(_ streams: [StreamSettings]) {
    counters = streams.map { ListenerCounter(segmentLength: $0.segmentLength) }
  }

  /// - Parameter stream: the stream's place in the settings, which is its place in the `StreamDirectory`.
  subscript(stream: Int) -> ListenerCounter { counters[stream] }

  /// A connection is closed.
  func closed(_ connection: Int) {
    for counter in counters { counter.closed(connection) }
  }
}
