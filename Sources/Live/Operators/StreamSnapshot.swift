import Core
import HLS
import HTTP

/// A stream at one moment.
struct StreamSnapshot: Sendable {
  var name = StreamName.live
  /// The facts that any listener may know: the content of `/NAME.json` without the time.
  var description = JSON.object([])
  var playing = NowPlaying.nothing
  /// The source client that is live, or null; nil where the stream takes no source clients.
  var client: JSON?
  /// The recorder, for operators; nil where the stream is not recorded.
  var recorder: JSON?
  var figures = StreamFigures()
  var listeners = ListenerCounter.Figures()
}

/// The figures of a stream.
struct StreamFigures: Sendable {
  /// `alsa`, `file`, `stdin`, `tone` or `room`.
  var kind = ""
  var source = SourceHealth()
  /// Seconds of silence, or of the fallback, in place of sound that the source did not give.
  var filled = 0.0
  var production = EncodingStatistics.Figures()
  var ring = RingFigures()
  var disk = FolderWriter.Figures()
}

/// The complete segments that the playlist lists.
struct RingFigures: Sendable {
  /// Media sequence numbers; nil before the first.
  var first: Int?
  var last: Int?
  var segments = 0
  var bytes = 0
  /// The number of the segment that is being recorded, and the bytes of that segment so far.
  var recording: Int?
  var recorded = 0
  /// Whether there will be no more segments.
  var ended = false
}

extension Edition {
  var ringFigures: RingFigures {
    let end = first + media.count
    return RingFigures(
      first: listed > 0 ? end - listed : nil, last: listed > 0 ? end - 1 : nil, segments: listed,
      bytes: media.suffix(listed).reduce(0) { $0 + $1.whole.length }, recording: ended ? nil : recording.sequence,
      recorded: recording.body.count, ended: ended)
  }
}
