import Core
import System

/// Notices a station that sends too little to be heard. Pure: the time comes with the call.
struct RelayPace: Sendable {
  /// The time over which the bytes are counted.
  static let span = Duration.seconds(10)

  /// The fewest bytes of that time.
  private let fewest: Int
  private var began: MonotonicTime
  private var bytes = 0

  /// - Parameter isMP3: whether the sound is MP3, of which the sound with the fewest bits has 1000 bytes a second. Other formats
  ///   take next to nothing for silence: FLAC has 160 bytes a second.
  init(isMP3: Bool, now: MonotonicTime) {
    (fewest, began) = (isMP3 ? 5000 : 1, now)
  }

  mutating func note(bytes count: Int) { bytes += count }

  /// The station may not send, because sound waits: the count begins anew.
  mutating func pause(now: MonotonicTime) { (began, bytes) = (now, 0) }

  /// The reason for which the station is given up, as the end of a sentence; nil while the station sends enough.
  mutating func fault(now: MonotonicTime) -> String? {
    guard now - began >= Self.span else { return nil }
    defer { (began, bytes) = (now, 0) }
    guard bytes < fewest else { return nil }
    let seconds = Self.span.components.seconds
    return fewest == 1 ? "it sends nothing for \(seconds) s" : "it sends less than \(fewest) bytes in \(seconds) s"
  }
}
