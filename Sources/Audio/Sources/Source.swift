package import System

/// Where the sound comes from. A source belongs to one thread, which does nothing but read it and encode.
package protocol Source {
  var format: PCMFormat { get }
  /// What the source turned out to be, for the log: `tone, 48000 Hz, 2 channels`.
  var summary: String { get }

  /// Blocks until the sound that follows the last is there, and replaces `block` by it: whole interleaved frames, at
  /// real-time pace, some ten milliseconds at a time.
  mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading
}

/// What a source's `read` has come to.
package enum Reading: Sendable {
  case sound
  /// Silence, because the source has failed and goes on later.
  case filling
  /// The input has ended, or `stop` is raised; the block is empty.
  case end
}

/// What a source has to say while it runs.
package enum SourceEvent: Equatable, Sendable {
  /// The device's buffer ran over; as many frames of silence were put in as sound was lost.
  case overrun(lostFrames: Int)
  /// The device failed and is tried again.
  case deviceLost(reason: String)
  /// The device has given nothing for so long, without an error.
  case deviceHangs(milliseconds: Int)
  /// The device gives sound again, after so many frames without.
  case deviceBack(summary: String, lostFrames: Int)
  /// The device's sound comes at another rate than before, and is converted.
  case rateChanged(from: Int, to: Int)
  /// So many frames were neither recorded nor filled with silence: the process did not run for too long.
  case leftOut(frames: Int)
  /// Nothing but silence came in for so many seconds; and there is sound again.
  case silence(seconds: Int)
  case soundBack
}

/// A source that can't be opened or read.
package struct SourceError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
