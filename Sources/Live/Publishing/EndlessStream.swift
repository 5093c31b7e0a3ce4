import Codec
import HLS
import HTTP

/// The stream as one endless content, and where in it whoever comes begins.
struct EndlessStream {
  /// Nanoseconds. When the process stood still, up to half a minute of silence comes at once.
  private static let lagTimeout = Duration.seconds(5)

  private let body: EndlessBody
  /// In samples.
  private let burst: Int
  private let radio: ICYMetadata
  /// Of parts, the oldest first, because a frame inside of one may lean on those before it.
  private var beginnings: [(place: EndlessBody.Place, samples: Int)] = []

  /// - Parameters:
  ///   - burst: the least that a listener begins behind the newest part, in microseconds, if there is so much.
  ///   - lag: how much further a listener may fall behind, in microseconds.
  ///   - partFrames: MP3 frames a part.
  init(burst: Int, lag: Int, partFrames: Int, format: MP3Format, radio: ICYMetadata) {
    self.radio = radio
    self.burst = burst * format.sampleRate / 1_000_000
    // A listener begins up to a part earlier than that, and up to another has come since.
    let parts = 2 * partFrames * MP3Format.samplesPerFrame * 1_000_000 / format.sampleRate
    body = EndlessBody(capacity: (burst + parts + lag) * format.bitrate / 8000, lagTimeout: Self.lagTimeout)
  }

  /// A segment begins; the one before has all its bytes.
  mutating func goOn(in segment: GrowingBody) {
    body.append(segment, from: TimestampTag.length)
  }

  /// A part of that segment is whole.
  mutating func add(_ part: Part) {
    beginnings.append((body.place(at: part.range.lowerBound), part.start))
    let latest = part.start + part.samples - burst
    while beginnings.count > 1, beginnings[1].samples <= latest { beginnings.removeFirst() }
  }

  /// What is answered now; nil before the first part is whole.
  var representation: EndlessRepresentation? {
    beginnings.first.map { EndlessRepresentation(body: body, place: $0.place, radio: radio) }
  }
}

/// An endless content from a place on, and how it answers requests.
struct EndlessRepresentation: Sendable {
  let body: EndlessBody
  let place: EndlessBody.Place
  let radio: ICYMetadata

  func response(to request: Request) -> Response {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options: return .options
    // Of an answer to HEAD the content is left out, and what is said of it is the same.
    case .get, .head: break
    }
    let inserts = request.header("Icy-MetaData") == "1" ? radio.inserts : nil
    return Response(
      status: 200, headers: radio.headers + (inserts == nil ? [] : [ICYMetadata.interval]),
      endless: Endless(body, from: place, inserts: inserts))
  }
}
