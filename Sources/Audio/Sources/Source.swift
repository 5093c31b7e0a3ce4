package import System

/// A source of sound. It belongs to one thread, which does nothing but read it and encode.
package protocol Source {
  var format: PCMFormat { get }
  /// The source that was really opened, for the log: `tone, 48000 Hz, 2 channels`.
  var summary: String { get }

  /// Blocks until the next sound is there, and replaces `block` by it: whole interleaved frames, at real-time pace, some
  /// ten milliseconds at a time.
  mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading
}

/// The result of a source's `read`.
package enum Reading: Sendable {
  case sound
  /// Silence, because the source has failed and goes on later.
  case filling
  /// The input has ended, or `stop` is raised; the block is empty.
  case end
}

/// An event of a source while it runs.
package enum SourceEvent: Equatable, Sendable {
  /// The device's buffer ran over. The lost frames are filled with as much silence.
  case overrun(lostFrames: Int)
  /// The device, the file or the pipe failed and is tried again.
  case deviceLost(reason: String)
  /// The device, the file or the pipe has given nothing for that time, without an error.
  case deviceHangs(for: Duration)
  /// The device gives sound again. `lostFrames` is the length of the outage.
  case deviceBack(summary: String, lostFrames: Int)
  /// The device's sound comes at another rate than before, and is converted to the old one.
  case rateChanged(from: Int, to: Int)
  /// Frames were neither recorded nor filled with silence: the process did not run for too long.
  case leftOut(frames: Int)
  /// Nothing but silence came in for that time.
  case silence(for: Duration)
  /// There is sound again after such a silence.
  case soundBack
  /// There was no capture device at the start. It is tried again, and another sound is played until then.
  case deviceAbsent(reason: String)
  /// One line about the input's sound, for operators.
  case remark(String)
  /// A piece of sound with this title begins with the next frame that the source gives.
  case title(SoundTitle)
  /// The same of a fallback that is heard.
  case fallbackTitle(SoundTitle)
  /// A fallback is heard from now on; nil is silence. The fallbacks before that one have no sound.
  case fallback(name: String?, silent: [String])
  /// The source is heard again after a fallback.
  case sourceHeard
}

extension SourceEvent {
  var isHang: Bool { if case .deviceHangs = self { true } else { false } }
}

/// A source that can't be opened or read.
package struct SourceError: Error, Equatable, CustomStringConvertible {
  package let description: String
  /// Whether the source is there and its content cannot be played, as it is. Every other error may be over later.
  package let isUnusable: Bool
  /// Whether the content is sound in a coding that the reader does not know; another reader may know the coding.
  let isForeign: Bool

  package init(_ description: String, isUnusable: Bool = false) {
    self.init(description, isUnusable: isUnusable, isForeign: false)
  }

  private init(_ description: String, isUnusable: Bool, isForeign: Bool) {
    self.description = description
    self.isUnusable = isUnusable
    self.isForeign = isForeign
  }

  package static func == (left: SourceError, right: SourceError) -> Bool {
    left.description == right.description && left.isUnusable == right.isUnusable
  }

  static func unusable(_ description: String) -> SourceError { SourceError(description, isUnusable: true) }

  /// The sample rates differ in a way that takes too large a table (`Resampler`).
  static func rates(from input: PCMFormat, to output: PCMFormat) -> SourceError {
    .unusable("its sample rate of \(input.sampleRate) Hz is not converted to \(output.sampleRate) Hz")
  }

  static func foreign(_ description: String) -> SourceError {
    SourceError(description, isUnusable: true, isForeign: true)
  }

  /// The same error with the name of the source in front.
  func of(_ name: String) -> SourceError {
    SourceError("\(name): \(description)", isUnusable: isUnusable, isForeign: isForeign)
  }
}
