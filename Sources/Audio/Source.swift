/// Where the sound comes from. A source belongs to one thread, which does nothing but read it and encode.
package protocol Source {
  var format: PCMFormat { get }
  /// What the source turned out to be, for the log: `tone, 48000 Hz, 2 channels`.
  var summary: String { get }
  /// Wall-clock time of the first sample, in microseconds since 1970; known once `read` has returned.
  var startTime: Int { get }

  /// Blocks until the sound that follows the last is there, and replaces `block` by it: whole interleaved frames, at
  /// real-time pace, some ten milliseconds at a time.
  /// - Returns: false at the end of the input or once `stop` is raised; `block` is then empty.
  mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Bool
}

/// What a source has to say while it runs.
package enum SourceEvent: Equatable, Sendable {
  /// The device's buffer ran over; as many frames of silence were put in as sound was lost.
  case overrun(lostFrames: Int)
  /// The device failed; silence is sent at its pace while it is tried again.
  case deviceLost(reason: String)
  /// The device is back after so many frames of silence.
  case deviceBack(summary: String, lostFrames: Int)
}

/// A source that can't be opened or read.
package struct SourceError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
