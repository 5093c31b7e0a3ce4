import Synchronization

/// The chunk that was made last in a channel. Each loop looks here before it frames the same bytes again.
final class LatestChunk: Sendable {
  private let chunk = Mutex<Chunk?>(nil)

  var value: Chunk? { chunk.withLock { $0 } }

  func note(_ made: Chunk) {
    chunk.withLock { $0 = made }
  }
}
