import Codec
import HLS
import HTTP

/// The stream as one endless content, and the place in it at which a new listener begins.
struct EndlessStream {
  /// A listener that is too far behind is disconnected after this time at the earliest: after a standstill of the process up
  /// to half a minute of silence comes at once.
  private static let lagTimeout = Duration.seconds(5)

  private let body: EndlessBody
  private let index = EndlessIndex()
  /// Samples that a listener begins behind the newest part, at least.
  private let burst: Int
  private let icy: ICYMetadata
  /// The parts at which a listener may begin, the oldest first: a frame within a part may refer to those before it.
  private var beginnings: [(place: EndlessBody.Place, samples: Int)] = []

  /// - Parameters:
  ///   - burst: how far a listener begins behind the newest part, at least, if the stream is as long.
  ///   - lag: how much further a listener may fall behind.
  ///   - partFrames: encoded frames a part.
  init(burst: Duration, lag: Duration, partFrames: Int, rendition: Rendition, icy: ICYMetadata) {
    self.icy = icy
    self.burst = rendition.samples(in: burst)
    // A listener begins up to a part earlier than that, and up to another part has come since.
    let parts = rendition.duration(frames: 2 * partFrames)
    body = EndlessBody(capacity: rendition.bytes(in: burst + parts + lag), lagTimeout: Self.lagTimeout)
  }

  /// Continues with the next segment; the one before has all its bytes.
  /// - Parameter start: where the first frame is in the segment's bytes.
  mutating func append(_ segment: GrowingBody, from start: Int) {
    body.append(segment, from: start)
  }

  /// Adds a part of that segment, which is complete.
  mutating func add(_ part: Part) {
    let place = body.place(at: part.range.lowerBound)
    index.add(part, at: place.offset)
    beginnings.append((place, part.start))
    let latest = part.start + part.samples - burst
    while beginnings.count > 1, beginnings[1].samples <= latest { beginnings.removeFirst() }
  }

  /// The answer to a new listener; nil before the first part is complete.
  var representation: EndlessRepresentation? {
    beginnings.first.map { EndlessRepresentation(body: body, place: $0.place, index: index, icy: icy) }
  }
}

/// An endless content from a place on, and how it answers requests.
struct EndlessRepresentation: Sendable {
  let body: EndlessBody
  let place: EndlessBody.Place
  let index: EndlessIndex
  let icy: ICYMetadata

  func response(to request: Request) -> Response {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options: return .options
    // The content of an answer to HEAD is left out, and the header fields are the same.
    case .get, .head: break
    }
    let inserts = request.header("Icy-MetaData") == "1" ? icy.inserts { [index] in index.sample(at: $0) } : nil
    return Response(
      status: 200, headers: icy.headers + (inserts == nil ? [] : [ICYMetadata.interval]),
      endless: Endless(body, from: place, inserts: inserts), encoding: icy.encoding == .latin1 ? .latin1 : .utf8)
  }
}
