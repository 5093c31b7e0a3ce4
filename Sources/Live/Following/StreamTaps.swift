import Synchronization

/// The taps of a station's streams by the names of the streams. A tap is there before its stream, and stays behind it.
final class StreamTaps: Sendable {
  private let taps = Mutex<[StreamName: StreamTap]>([:])

  subscript(stream: StreamName) -> StreamTap {
    taps.withLock { taps in
      if let tap = taps[stream] { return tap }
      let tap = StreamTap(stream)
      taps[stream] = tap
      return tap
    }
  }
}
