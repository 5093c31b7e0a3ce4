import Codec
import Core
import HLS
import HTTP
import Recordings
import System

/// The answer to a request for a clip of the ring: the frames of whole parts behind a small tag. The frames stay where they
/// are in memory.
struct StreamClip {
  private let edition: Edition
  private let stream: StreamName
  private let audience: Audience

  init(_ edition: Edition, of stream: StreamName, _ audience: Audience) {
    (self.edition, self.stream, self.audience) = (edition, stream, audience)
  }

  func response(to request: Request) -> Response {
    if request.method == .options { return .options }
    func place(_ name: String) -> ClipPlace? {
      request.query.first { $0.name == name }.flatMap { ClipPlace($0.value) }
    }
    guard let from = place("from"), let to = place("to") else {
      return .text(
        400, "from and to: each must be a date such as 2026-11-30T13:04:05.678Z, or a part such as 12.3\n",
        headers: audience.headers)
    }
    do throws(RingClip.Failure) {
      let clip = try edition.playlists.lowLatency.playlist.clip(from: from, to: to)
      guard let content = representation(of: clip) else { throw RingClip.Failure.gone }
      return content.response(to: request, now: Clock.wall() / 1_000_000)
    } catch {
      let status =
        switch error {
        case .gone: 410
        case .notYet: 404
        case .tooLong, .empty, .mixed: 400
        }
      return .text(status, "\(error)\n", headers: audience.headers)
    }
  }

  /// Nil where the edition does not have the sound.
  private func representation(of clip: RingClip) -> SlicesRepresentation? {
    var slices: [Bytes.Slice] = []
    for run in clip.runs {
      if let parts = run.parts {
        guard parts.upperBound <= edition.recording.parts.count else { return nil }
        for part in edition.recording.parts[parts] {
          // Each part has a preamble of its own.
          let preamble = SegmentPackaging.packedAudio(.mp3).preambleLength
          slices.append(Bytes.Slice(part.bytes, preamble..<part.length))
        }
      } else {
        guard let whole = edition.segment(run.sequence)?.whole else { return nil }
        slices.append(Bytes.Slice(whole.bytes, run.range))
      }
    }
    let playing = clip.firstSample.map { edition.history.playing(at: $0).line } ?? ""
    let seconds = clip.start.microseconds / 1_000_000
    let stamp = ClipName.stamp(clip.start)
    let title = playing.isEmpty ? "\(stream) \(stamp)" : playing
    let tag = ClipTag(title: title, stream: stream.text).bytes
    let length = (clip.end.microseconds - clip.start.microseconds) / 1000
    return SlicesRepresentation(
      [Bytes.Slice(tag)] + slices, contentType: "audio/mpeg", cacheControl: audience.anew(sharedFor: 1),
      entityTag: ClipName.entityTag([clip.start.microseconds, length], tag),
      lastModified: seconds,
      headers: [ClipName.field("\(stream)-\(stamp)")] + audience.headers)
  }
}
