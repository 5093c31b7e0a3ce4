import Core
import HTTP
import Pictures
import Synchronization

/// The pictures of one stream: those whose sound the ring still has, and the answer that shows each new one.
///
/// Any thread adds a picture. The sound never waits here: neither the capture nor the encoder takes this lock.
final class PictureShelf: Sendable {
  /// A picture, and its place in the stream.
  struct Picture: Sendable {
    /// Rises from picture to picture, over restarts too if the clock is right: the date in milliseconds, or one more than the
    /// id before.
    let id: Int
    /// The place of the sound that was captured with the picture.
    let place: LiveEdge.Position
    let representation: Representation
    let length: Int

    fileprivate var json: JSON {
      .object([("id", .number(id)), ("date", .string(place.date.text)), ("sample", .number(place.sample))])
    }
  }

  /// The bounds of the memory. The oldest pictures go first.
  struct Limits: Sendable {
    /// A picture has at most this distance in front of the sound that the source gives now: the mixer delays voices.
    private static let lead = Duration.seconds(2)
    /// A list of all pictures is no longer than this.
    private static let most = 4096

    var count: Int
    var bytes = 32 << 20
    /// PCM frames of the stream for which a picture stays: those of the ring.
    var samples: Int
    /// PCM frames of the stream.
    var lead: Int

    init(count: Int, bytes: Int, samples: Int, lead: Int) {
      (self.count, self.bytes, self.samples, self.lead) = (count, bytes, samples, lead)
    }

    /// - Parameters:
    ///   - length: of the ring.
    ///   - sampleRate: of the stream.
    init(ring length: Duration, sampleRate: Int) {
      samples = length.samples(rate: sampleRate)
      lead = Self.lead.samples(rate: sampleRate)
      // Five a second, and those of one second more.
      count = min(Self.most, 5 * (samples / sampleRate + 1))
    }
  }

  private struct State {
    /// The oldest first.
    var pictures: [Picture] = []
    var bytes = 0
    var lastID = 0
    var isFinished = false
    /// The lists of the newest pictures, by their number, for all who ask until the pictures change.
    var lists: [Int: Lazy<Representation>] = [:]
  }

  private let limits: Limits
  private let audience: Audience
  private let moving: MovingPicture
  private let state = Mutex(State())
  private let onChange: @Sendable () -> Void

  /// - Parameter onChange: called on the thread that adds a picture, after each; it must not wait.
  init(_ limits: Limits, for audience: Audience, onChange: @escaping @Sendable () -> Void) {
    self.limits = limits
    self.audience = audience
    self.onChange = onChange
    moving = MovingPicture(headers: audience.headers)
  }

  /// Adds a picture. A picture that is not newer than the newest one is dropped, and so is one that claims a place far in
  /// front of the live edge: all true pictures would count as older.
  /// - Parameter edge: the place of the sound that the source gives now, in PCM frames of the stream.
  func add(_ still: JPEGStill, at place: LiveEdge.Position, edge: Int) {
    guard place.sample <= edge + limits.lead else { return }
    let isNew = state.withLock { state in
      if state.isFinished { return false }
      if let last = state.pictures.last, last.place.sample >= place.sample { return false }
      let milliseconds = place.date.microseconds / 1000
      let id = max(state.lastID + 1, milliseconds)
      state.lastID = id
      state.pictures.append(
        Picture(
          id: id, place: place, representation: representation(still, id, place.date), length: still.bytes.count))
      state.bytes += still.bytes.count
      state.lists = [:]
      trim(&state, to: edge)
      // In the order of the ids.
      moving.show(still.bytes)
      return true
    }
    if isNew { onChange() }
  }

  private func representation(_ still: JPEGStill, _ id: Int, _ date: WallTime) -> Representation {
    Representation(
      still.bytes, contentType: "image/jpeg", cacheControl: audience.unlimited,
      validators: .init(lastModified: date.microseconds / 1_000_000, entityTag: "\(id)"),
      headers: Self.safety + audience.headers)
  }

  /// The bytes come from a browser or a camera: no client may take them for anything else.
  static let safety = [(name: "X-Content-Type-Options", value: "nosniff")]

  private func trim(_ state: inout State, to position: Int) {
    let first = position - limits.samples
    let gone = state.pictures.prefix { $0.place.sample < first }.count
    remove(max(gone, state.pictures.count - limits.count), from: &state)
    while state.bytes > limits.bytes { remove(1, from: &state) }
  }

  private func remove(_ count: Int, from state: inout State) {
    guard count > 0 else { return }
    for picture in state.pictures.prefix(count) { state.bytes -= picture.length }
    state.pictures.removeFirst(count)
    state.lists = [:]
  }

  /// The pictures that the ring has at a position, the oldest first.
  private func pictures(at position: Int) -> [Picture] {
    state.withLock { state in
      trim(&state, to: position)
      return state.pictures
    }
  }

  /// The bytes of all pictures in memory.
  var bytes: Int { state.withLock { $0.bytes } }

  /// The stream has ended: no picture comes any more, and the answers that show each new one end.
  func finish() {
    state.withLock { $0.isFinished = true }
    moving.finish()
    onChange()
  }

  /// - Parameters:
  ///   - position: PCM frames that the stream is long.
  ///   - mayWait: whether the request may be held until there is a further picture.
  func reply(to request: Request, for resource: PictureResource, at position: Int, mayWait: Bool) -> Reply {
    switch resource {
    case .newest: .respond(newest(pictures(at: position), request))
    case .moving: .respond(pictures(at: position).isEmpty ? Self.none : moving.response(to: request))
    case .still(let id):
      .respond(pictures(at: position).first { $0.id == id }?.representation.response(to: request) ?? Self.none)
    case .list(let after): list(after: after, at: position, request, mayWait: mayWait)
    }
  }

  private static let none = Response.text(404, "there is no such picture\n")

  private func newest(_ pictures: [Picture], _ request: Request) -> Response {
    guard let response = pictures.last?.representation.response(to: request) else { return Self.none }
    // RFC 9111 §5.2.2.4: the answer "MUST NOT be used to satisfy any other request without … validation".
    return response.replacing("Cache-Control", by: "\(audience.caches.rawValue), no-cache")
  }

  /// Lists that are kept: those who ask at once ask for the same few.
  private static let mostLists = 16

  private func list(after id: Int?, at position: Int, _ request: Request, mayWait: Bool) -> Reply {
    let list: Lazy<Representation>? = state.withLock { state in
      trim(&state, to: position)
      let first = state.pictures.lastIndex { $0.id <= id ?? 0 }.map { $0 + 1 } ?? 0
      let count = state.pictures.count - first
      if count == 0, id != nil, mayWait, request.method == .get { return nil }
      if let list = state.lists[count] { return list }
      if state.lists.count == Self.mostLists { state.lists = [:] }
      let list = self.list(of: Array(state.pictures[first...]))
      state.lists[count] = list
      return list
    }
    return list.map { .respond($0.value.response(to: request)) } ?? .hold
  }

  private func list(of pictures: [Picture]) -> Lazy<Representation> {
    Lazy { [audience] in
      Representation.news(
        .object([("pictures", .array(pictures.map(\.json)))]),
        at: pictures.last?.place.date ?? WallTime(microseconds: 0), cacheControl: audience.anew(sharedFor: 1),
        headers: audience.headers)
    }
  }
}
