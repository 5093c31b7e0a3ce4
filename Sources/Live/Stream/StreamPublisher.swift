import Core
import HLS
import Logging
import System

/// Passes on the products of a stream: to the crash memory, to the listeners, to the folder and to the recorder. Used by the capture thread.
struct StreamPublisher {
  /// The longest wait for the folder at the end of a stream.
  private static let lastWriteTimeout = Duration.milliseconds(100)

  private var builder: EditionBuilder
  private let latest: LatestEdition
  private let folder: FolderWriter
  private var crashMemory: CrashMemory?
  private var tap: RecordingTap?
  /// The titles of this run and of those before.
  private var played: PlayedTitles
  private let log: Log
  /// The number of the latest edition.
  private var edition = 0

  /// - Parameters:
  ///   - played: the titles of the runs before.
  ///   - crashMemory: nil if the machine has no shared memory.
  ///   - tap: nil if the stream is not recorded.
  init(
    builder: EditionBuilder, latest: LatestEdition, folder: FolderWriter, played: PlayedTitles,
    crashMemory: CrashMemory?,
    tap: RecordingTap? = nil, log: Log
  ) {
    self.builder = builder
    self.latest = latest
    self.folder = folder
    self.played = played
    self.crashMemory = crashMemory
    self.tap = tap
    self.log = log
  }

  /// Sends the growth of the recording segment to the listeners that follow it.
  mutating func grow(_ segment: RecordingSegment, for recipients: StreamPipeline.Recipients) {
    remember(segment)
    builder.grow(segment)
    latest.grown(for: recipients)
  }

  /// Makes an edition and hands it to the listeners and to the folder.
  /// - Parameter position: samples that the stream is long.
  mutating func publish(_ publication: StreamPipeline.Publication, position: Int) {
    if let segment = publication.completed {
      remember(RecordingSegment(segment))
      log.debug("segment \(segment.sequence): \(segment.samples) samples, \(segment.bytes.count) bytes")
    } else {
      remember(publication.recording)
    }
    played.note(publication.history.dateRanges)
    let (made, completed) = builder.edition(
      publication.ring, publication.recording, publication.history, played, peaks: publication.peaks)
    edition = made.number
    latest.enqueue(made, completed: completed, position: position)
    folder.want(publication.ring, played, edition: edition)
    tap?.note(publication.completed.map { RecordingSegment($0) } ?? publication.recording, publication.history)
    if let recipients = publication.recipients { latest.grown(for: recipients) }
  }

  /// The stream has come to `position` samples: an edition that waits for a slow folder may have waited long enough.
  func advance(to position: Int) {
    latest.advance(to: position)
  }

  /// No more sound comes, so that nothing else tells when the folder is too slow: waits for the folder for a tenth of a
  /// second, and then shows the last edition.
  func finish() {
    tap?.end()
    folder.settle(edition: edition, within: Self.lastWriteTimeout)
    latest.advance(to: .max)
  }

  /// Keeps the segment for a restart, before any listener gets it.
  private mutating func remember(_ segment: RecordingSegment) {
    do throws(SystemError) {
      try crashMemory?.note(segment)
    } catch {
      log.warning("memory: \(error); after a kill the ring begins anew")
      crashMemory?.remove()
      crashMemory = nil
    }
  }
}
