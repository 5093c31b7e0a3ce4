import Synchronization

/// The listeners of every stream. A listener who asks for two streams is one of each.
final class Audiences: Sendable {
  private let counters: Mutex<[ListenerCounter]>

  /// - Parameters:
  ///   - streams: each stream with the length of its segments, in the order of the channels.
  init(_ streams: [StreamSettings]) {
    counters = Mutex(streams.map { ListenerCounter(segmentLength: $0.segmentLength) })
  }

  /// - Parameter channel: of the stream; see `StreamDirectory`.
  subscript(channel: Int) -> ListenerCounter { counters.withLock { $0[channel] } }

  /// Counts the listeners of a stream that begins on a channel.
  func begin(_ stream: StreamSettings, on channel: Int) {
    counters.withLock { counters in
      while counters.count <= channel { counters.append(ListenerCounter(segmentLength: stream.segmentLength)) }
      counters[channel] = ListenerCounter(segmentLength: stream.segmentLength)
    }
  }

  /// A connection is closed.
  func closed(_ connection: Int) {
    for counter in counters.withLock({ $0 }) { counter.closed(connection) }
  }
}
