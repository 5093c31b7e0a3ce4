import Audio
import Core
import Glibc
import Recordings
import System

/// The waveforms of recordings. Each is computed once, on a thread that gives way to all others, and kept beside the file.
struct RecordingPeaks: Sendable {
  /// The slices of a waveform: more than a page has points.
  private static let slices = 800
  /// More than a file of peaks has, in bytes.
  private static let longest = 4096

  /// The peaks of a recording: read, or computed and written.
  /// - Parameter isStopped: whether nobody wants the result any more.
  /// - Returns: nil where the file is gone, or is no sound.
  static func peaks(of recording: StoredRecording, isStopped: @escaping () -> Bool = { false }) -> Peaks? {
    let (name, folder) = (recording.name.peaksText, recording.folder)
    if let bytes = try? folder.read(name, atMost: longest), let known = Peaks(bytes[...]), known.count <= slices + 1 {
      return known
    }
    // A lower priority for this thread alone (setpriority(2), "a thread ID"): the sound comes first.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    guard let file = try? StoredBytes(path: recording.path) else { return nil }
    file.isStopped = isStopped
    guard let peaks = measure(file, milliseconds: recording.recording.milliseconds), !isStopped() else { return nil }
    // Without room on the disk, the next start computes them again.
    try? folder.replace(name, peaks.bytes)
    guard recording.isThere else {
      try? folder.remove(name)
      return nil
    }
    return peaks
  }

  private static func measure(_ file: StoredBytes, milliseconds: Int) -> Peaks? {
    var (measured, known): (PeakMeter?, PCMFormat?)
    var (count, samplesPerSlice) = (0, 1)
    do {
      let decoder = try EncodedFormat.mp3.decoder(of: file)
      while let piece = try decoder.next() {
        guard case .sound(let samples, let format) = piece else { continue }
        if known == nil {
          known = format
          samplesPerSlice = min(max(1, milliseconds * format.sampleRate / 1000 / slices), (1 << 24) - 1)
          measured = PeakMeter(
            channels: format.channels, inputRate: format.sampleRate, samplesPerSlice: samplesPerSlice)
        }
        // The sound behind a change of the rate has no place, and that of a file that is longer than its tag says.
        count += samples.count / format.channels
        guard known == format, count <= samplesPerSlice * (slices + 1) else { break }
        measured?.observe(samples[...])
      }
    } catch {
      // The sound before the fault is measured.
    }
    let slices = min(slices + 1, (count + samplesPerSlice - 1) / samplesPerSlice)
    return measured?.take(through: slices)
  }
}
