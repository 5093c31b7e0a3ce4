/// An input without a clock that is open: a file or a pipe. Its calls may hang, so it belongs to an `InputReader`.
package protocol Input: AnyObject {
  /// The format of the frames that it gives.
  var format: PCMFormat { get }
  /// The input that was really opened, for the log.
  var summary: String { get }
  /// Lines about its sound, for operators.
  var remarks: [String] { get }
  /// Samples that may be read before they are wanted. A disk may then take its time. The sound of a pipe is read only when
  /// it is wanted, so that none of it is older than it need be.
  var mostWaitingSamples: Int { get }
  /// Whether it has several files, one after the other.
  var isList: Bool { get }
  /// Frames to the end, as far as the input knows now; nil where the end is not known.
  var framesLeft: Int? { get }
  /// The title in the tags of its file; nil where the file has none, and for a list.
  var title: SoundTitle? { get }

  /// The events that belong to the frames which `read` gives next, each once.
  func takeEvents() -> [SourceEvent]
  /// Appends the next frames to `block`, at full scale 2^31: at most a block.
  func read(into block: inout [Int32]) throws(SourceError) -> InputArrival
  func close()
}

extension Input {
  package var isList: Bool { false }
  package var framesLeft: Int? { nil }
  package var title: SoundTitle? { nil }

  package func takeEvents() -> [SourceEvent] { [] }
}

package enum InputArrival: Sendable {
  /// Frames were appended.
  /// - isAhead: whether more lies ready than a producer in real time would have written.
  case frames(isAhead: Bool)
  /// A wait of a tenth of a second has brought nothing.
  case nothing
  /// The input has ended by itself.
  /// - remark: one line where sound is missing or left out.
  case end(remark: String?)
  /// Another file has taken the place of this one between two rounds of a loop.
  case replaced
  /// Sound of another format may follow.
  case changed
}

/// Sound without a header.
package struct RawSound: Equatable, Sendable {
  package var layout: SampleLayout
  package var format: PCMFormat

  package init(_ layout: SampleLayout, _ format: PCMFormat) {
    (self.layout, self.format) = (layout, format)
  }
}

/// The input to open, and the way to play it.
package struct InputChoice: Sendable {
  package enum Place: Equatable, Sendable {
    /// An open descriptor, which is read to its end; 0 is standard input.
    case descriptor(Int32)
    /// A file, or a named pipe, whose next writer is waited for when one has gone.
    case path(String)
  }

  package var place: Place
  /// The form of sound that comes without a header.
  package var raw: RawSound
  /// Whether the settings name that form. Only then, a file without a header is played.
  package var isRawNamed = false
  /// The channels to play, one or two, counted from 1; none plays all of them.
  package var channels: [Int] = []
  /// Whether a file, a folder or a playlist is played over and over.
  package var loops = false
  /// The seed of the random order in which the files of a folder or of a playlist are played; nil is their own order.
  package var shuffleSeed: UInt64?
  /// The sample rate and the number of channels of a folder or of a playlist, where the settings name them.
  package var listRate: Int?
  package var listChannels: Int?
  /// Sound that is read ahead from a disk, where it is more than the input reads ahead anyway.
  package var prefetch = Duration.zero
  /// The most frames of a block.
  package var blockSize: Int

  package init(_ place: Place, raw: RawSound, blockSize: Int) {
    (self.place, self.raw, self.blockSize) = (place, raw, blockSize)
  }

  /// The name in messages.
  var name: String {
    switch place {
    case .descriptor: "stdin"
    case .path(let path): "file:\(path)"
    }
  }

  /// The way to play a file that is not read here.
  var advice: String {
    switch place {
    case .descriptor: "convert it: ffmpeg -i - -f wav - | ringcast --source stdin"
    case .path(let path): "convert it: ffmpeg -i \(path) -f wav - | ringcast --source stdin"
    }
  }

  static let headerCounts = "its header tells its form: --raw-format, --raw-rate and --raw-channels do not count"
}
