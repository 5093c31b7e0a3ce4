import Core
import HLS
import Testing

/// RFC 8216's rules for one playlist and for the one after it, as a strict client would hold them against a server.
struct PlaylistRules {
  private var before: Playlist?

  /// The rules that the playlist breaks, after the playlists before; each has one segment more.
  mutating func broken(by playlist: Playlist) -> [String] {
    defer { before = playlist }
    return broken(in: playlist) + (before.map { broken(from: $0, to: playlist) } ?? [])
  }

  private func broken(in playlist: Playlist) -> [String] {
    var broken: [String] = []
    for entry in playlist.entries
    // §4.3.3.1: "when rounded to the nearest integer, MUST be less than or equal to the target duration".
    where (entry.nanoseconds + 500_000_000) / 1_000_000_000 > playlist.targetDuration || entry.nanoseconds <= 0 {
      broken.append("\(entry.sequence) lasts \(entry.nanoseconds) ns")
    }
    for (entry, next) in zip(playlist.entries, playlist.entries.dropFirst()) {
      if next.sequence != entry.sequence + 1 { broken.append("\(next.sequence) follows \(entry.sequence)") }
      let leap = next.date.microseconds - entry.date.microseconds - entry.nanoseconds / 1000
      // Moved after the clock by a thousandth, and rounded.
      if !next.discontinuity, abs(leap) > entry.nanoseconds / 1_000_000 + 2 {
        broken.append("the date of \(next.sequence) leaps by \(leap) µs")
      }
    }
    return broken
  }

  private func broken(from old: Playlist, to new: Playlist) -> [String] {
    guard let last = old.entries.last, let first = new.entries.first else { return ["a playlist is empty"] }
    var broken: [String] = []
    // §6.2.1: "Its value MUST NOT change."
    if new.targetDuration != old.targetDuration { broken.append("the target duration changes") }
    // §6.2.2: "it MUST NOT decrease or wrap."
    if first.sequence < old.entries[0].sequence { broken.append("the media sequence goes back to \(first.sequence)") }
    if new.entries.last?.sequence != last.sequence + 1 { broken.append("\(last.sequence) has no successor") }
    let stayed = old.entries.drop { $0.sequence < first.sequence }
    if !new.entries.starts(with: stayed) { broken.append("what was listed changes at \(last.sequence)") }
    let gone = old.entries.prefix { $0.sequence < first.sequence }
    // §6.2.2: incremented "when an EXT-X-DISCONTINUITY tag is removed".
    if new.discontinuitySequence - old.discontinuitySequence != gone.count(where: \.discontinuity) {
      broken.append("the discontinuity sequence goes to \(new.discontinuitySequence)")
    }
    // §6.2.2: nothing is removed if less than "three times the target duration" would stay.
    let length = new.entries.reduce(0) { $0 + $1.nanoseconds }
    if !gone.isEmpty, length < 3 * new.targetDuration * 1_000_000_000 { broken.append("only \(length) ns are left") }
    return broken
  }
}
