import Core
import HTTP
import Logging
import Recordings
import System

/// The work for requests about recordings that may wait for the disk or take long: each kind has a thread, so that a waveform
/// does not hold up a clip.
final class RecordingWork: Sendable {
  /// A clip in memory.
  struct Clip: Sendable {
    let clip: RecordingClip
    let bytes: Bytes.Slice
    let lease: ClipMemory.Lease
  }

  enum ClipResult: Sendable {
    case clip(Clip)
    /// The file has no sound there, or is gone.
    case none
    /// The file has more bytes there than any clip: its tag names another length.
    case tooLong
    case noMemory
    case failed
  }

  let changes: Errands<RecordingChange, RecordingChange.Result>
  let peaks: Errands<RecordingName, Peaks?>
  let clips: Errands<RecordingClip.Wish, ClipResult>
  private let stopping = StopSignal()

  /// - Parameter onDone: called when requests that are held get an answer.
  init(_ library: RecordingLibrary, log: Log, onDone: @escaping @Sendable () -> Void) {
    changes = Errands(name: "rec-changes", mostResults: 64, onDone: onDone) { $0.perform(on: library, log: log) }
    peaks = Errands(name: "rec-peaks", mostResults: 256, mostWaiting: 4096, onDone: onDone) { [stopping] name in
      library.recording(name).flatMap { RecordingPeaks.peaks(of: $0) { stopping.isRaised } }
    }
    let memory = ClipMemory()
    // The newest clips stay for the ranges that a player asks for.
    clips = Errands(name: "rec-clips", mostResults: 4, mostWaiting: 32, onDone: onDone) { wish in
      guard let recording = library.recording(wish.name) else { return .none }
      do throws(SystemError) {
        let file = try StoredBytes(path: recording.path)
        guard let clip = try RecordingClip(wish, of: recording.recording.milliseconds, in: file) else { return .none }
        guard clip.range.count <= RecordingClip.mostBytes else { return .tooLong }
        // Before the read: the bytes that are read count.
        guard let lease = memory.lease(clip.range.count) else { return .noMemory }
        let bytes = try Bytes(count: clip.range.count) { buffer throws(SystemError) in
          try file.read(from: clip.range.lowerBound, into: buffer) == buffer.count
        }
        guard let bytes else { return .none }
        return .clip(Clip(clip: clip, bytes: Bytes.Slice(bytes, 0..<bytes.count), lease: lease))
      } catch {
        return error.isMissing ? .none : .failed
      }
    }
  }

  func stop() {
    stopping.raise()
    changes.stop()
    peaks.stop()
    clips.stop()
  }
}
