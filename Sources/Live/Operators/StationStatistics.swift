import Audio
import HTTP
import Logging
import System

/// A running station in figures, at one moment: what `/metrics` prints. Counts and sums are since the start.
struct StationStatistics: Sendable {
  /// Seconds since the start; and when that was, in seconds since 1970.
  var uptime = 0.0
  var began = 0
  var listeners = ListenerCounter.Figures()
  /// Of the listeners' port.
  var server = Server.Figures()
  var stream = StreamFigures()
  var process = ProcessUsage(processor: 0)
  /// Lines of the access log that could not be written; nil where there is none.
  var lostLines: Int?
}

/// When the program has begun.
struct Start: Sendable {
  /// In seconds since 1970.
  let date = Clock.wall() / 1_000_000
  private let moment = Clock.monotonic()

  /// Seconds since.
  var uptime: Double { Double(Clock.monotonic() - moment) / 1e9 }
}

/// A stream in figures.
struct StreamFigures: Sendable {
  /// `alsa`, `file`, `stdin` or `tone`.
  var kind = ""
  var source = SourceHealth.Figures()
  /// Seconds of silence, or of the fallback, that stand for sound which the source did not give.
  var filled = 0.0
  var production = EncodingStatistics.Figures()
  var ring = RingFigures()
  var disk = FolderWriter.Figures()
}

/// The complete segments that are listed.
struct RingFigures: Sendable {
  /// Media sequence numbers; nil before the first.
  var first: Int?
  var last: Int?
  var segments = 0
  var bytes = 0
  /// The number of the segment after them, which is being recorded, and its bytes so far.
  var recording: Int?
  var recorded = 0
  /// Whether there will be no more.
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
