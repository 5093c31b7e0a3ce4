import HLS
import HTTP
import Synchronization

/// What listeners get of a stream: one immutable edition after another.
///
/// An edition is staged when it is made and shown when the folder holds it too, so that a crash right after can't undo
/// what was served. A disk that is slow holds it back by no more than `patience`.
final class Shelf: Sendable {
  struct Edition: Sendable {
    /// Counts up from 1 with each change.
    let number: Int
    let playlist: Representation
    /// Media sequence number of the first of `media`.
    let first: Int
    let media: [Representation]
    let ended: Bool

    /// The segment with that media sequence number, if it is still or already there.
    func segment(_ sequence: Int) -> Representation? {
      sequence >= first && sequence - first < media.count ? media[sequence - first] : nil
    }
  }

  private struct State {
    var shown: Edition?
    var staged: [(edition: Edition, due: Int)] = []
    var made: [Int: Representation] = [:]
    var count = 0
  }

  private let state = Mutex(State())
  private let stream: String
  /// How long a staged edition waits for the folder, in frames of the stream.
  private let patience: Int

  init(stream: String, patience: Int) {
    (self.stream, self.patience) = (stream, patience)
  }

  /// The latest edition shown; nil before the first segment.
  var edition: Edition? { state.withLock { $0.shown } }

  /// Makes an edition of `ring`, at `position` frames into the stream, and stages it.
  /// - Returns: its number.
  func stage(_ ring: Ring, position: Int) -> Int {
    let made = state.withLock { $0.made }
    // Outside the lock: each body is copied, hashed and compressed once, for all listeners.
    var media: [Int: Representation] = [:]
    for segment in ring.segments {
      media[segment.sequence] = made[segment.sequence] ?? .segment(segment)
    }
    let playlist = Representation.playlist(ring.playlist, folder: "\(stream)/", published: ring.segments.last?.end)
    return state.withLock { [media] state in
      state.count += 1
      state.made = media
      let edition = Edition(
        number: state.count, playlist: playlist, first: ring.segments.first?.sequence ?? 0,
        media: ring.segments.compactMap { media[$0.sequence] }, ended: ring.ended)
      state.staged.append((edition, position + patience))
      return edition.number
    }
  }

  /// Shows the edition that has reached the folder, and so those before it.
  func show(through number: Int) {
    show { $0.edition.number <= number }
  }

  /// Shows what has waited for the folder long enough, at `position` frames into the stream.
  func showOverdue(at position: Int) {
    show { $0.due <= position }
  }

  private func show(_ isReady: (_ staged: (edition: Edition, due: Int)) -> Bool) {
    state.withLock { state in
      guard let index = state.staged.lastIndex(where: isReady) else { return }
      state.shown = state.staged[index].edition
      state.staged.removeSubrange(...index)
    }
  }
}

extension Representation {
  fileprivate static func segment(_ segment: Segment) -> Representation {
    Representation(
      segment.bytes, contentType: "audio/mpeg",
      // Its URL never means anything else, so that a cache may keep it as long as it likes.
      cacheControl: "public, max-age=31536000, immutable",
      lastModified: segment.end.seconds, ranges: true, compressed: false, headers: CORS.headers)
  }

  fileprivate static func playlist(_ playlist: Playlist, folder: String, published: WallTime?) -> Representation {
    Representation(
      Array(playlist.text(folder: folder).utf8), contentType: "application/vnd.apple.mpegurl",
      // Half a target duration is when a client that saw no change asks again (rfc8216bis §6.3.4).
      cacheControl: playlist.targetDuration < 2 ? "no-cache" : "public, max-age=\(playlist.targetDuration / 2)",
      lastModified: published?.seconds ?? 0, ranges: false, compressed: true, headers: CORS.headers)
  }
}

extension WallTime {
  fileprivate var seconds: Int { microseconds / 1_000_000 }
}
