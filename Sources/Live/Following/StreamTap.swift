import Audio
import HLS
import Synchronization

/// The place where other streams take the sound of one stream, before that sound is encoded. No call waits for a reader.
final class StreamTap: Sendable {
  private struct Reader {
    weak var place: TapPlace?
  }

  private struct State {
    var readers: [Reader] = []
    var isRunning = false
    var title = NowPlaying.nothing
  }

  let stream: StreamName
  private let state = Mutex(State())

  init(_ stream: StreamName) {
    self.stream = stream
  }

  // The readers' side

  /// Lets another stream take the sound.
  /// - Parameter format: of the reader.
  func place(in format: PCMFormat) -> TapPlace {
    let place = TapPlace(self, format: format)
    let title = state.withLock { state in
      state.readers.removeAll { $0.place == nil }
      state.readers.append(Reader(place: place))
      return state.title
    }
    place.play(title)
    return place
  }

  /// The reason for which no sound comes.
  var trouble: String {
    state.withLock { $0.isRunning } ? "the stream \(stream) has no sound" : "there is no stream \(stream)"
  }

  // The stream's side

  private var places: [TapPlace] {
    state.withLock { state in state.readers.compactMap(\.place) }
  }

  /// Gives a block to the readers.
  /// - Parameters:
  ///   - block: interleaved frames at full scale 2^31.
  ///   - hasSound: whether the listeners of the stream hear its source or its fallback.
  func put(_ block: [Int32], _ format: PCMFormat, hasSound: Bool) {
    state.withLock { $0.isRunning = true }
    for place in places { hasSound ? place.put(block, format) : place.end() }
  }

  /// What plays changes with the next block.
  func play(_ playing: NowPlaying) {
    state.withLock { $0.title = playing }
    for place in places { place.play(playing) }
  }

  /// The stream has ended, until the next block.
  func end() {
    state.withLock { ($0.isRunning, $0.title) = (false, .nothing) }
    for place in places { place.end() }
  }
}
