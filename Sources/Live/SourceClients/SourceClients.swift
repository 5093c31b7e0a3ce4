import Core
import HLS
import HTTP
import Logging
import Synchronization
import System

/// The mounts of a station, and the answers to source clients.
///
/// A source client shows a password, and so needs no other leave: neither a listener's token nor a host that a private port
/// lets in. No web page is a source client: a request of a page names its origin.
final class SourceClients: Sendable {
  private struct State {
    var mounts: [SourceMount]
    /// Whether a stream takes source clients, or has done so.
    var areExpected: Bool
    var isStopped = false
  }

  private let state: Mutex<State>
  private let warnings: SourceWarnings
  private let log: Log

  /// Reads the passwords.
  /// - Throws: for an invalid file of passwords, with the name of its stream.
  init(_ settings: StationSettings, log: Log) throws(InvalidInput) {
    self.log = log
    warnings = SourceWarnings(log)
    var mounts: [SourceMount] = []
    for stream in settings.streams {
      if let mount = try Self.mount(of: stream, among: settings, log) { mounts.append(mount) }
    }
    state = Mutex(State(mounts: mounts, areExpected: !mounts.isEmpty))
  }

  /// - Returns: nil for a stream that takes no source clients.
  private static func mount(
    of stream: StreamSettings, among settings: StationSettings, _ log: Log
  ) throws(InvalidInput) -> SourceMount? {
    guard stream.source == .icecast, let path = stream.sourcePasswordFile else { return nil }
    do {
      return try SourceMount(
        stream, passwords: path, log: settings.streams.count > 1 ? log.prefixed("\(stream.name): ") : log)
    } catch {
      throw settings.naming(stream, in: error)
    }
  }

  private var mounts: [SourceMount] { state.withLock { $0.mounts } }

  /// Whether requests of source clients have an answer: a stream takes source clients, or has done so.
  var areExpected: Bool { state.withLock { $0.areExpected } }

  /// The streams that take source clients.
  var streams: [StreamName] { mounts.map(\.stream) }

  func mount(of stream: StreamName) -> SourceMount? { mounts.first { $0.stream == stream } }

  /// The stream has started, at the start of the station or later.
  func attach(_ stream: LiveStream, events: EventSink) {
    mount(of: stream.name)?.attach(titles: stream.nowPlaying, events: events.of(stream.name))
  }

  /// The mounts of settings that were read again: those of before where they suit, and new ones. Nothing changes yet.
  /// - Throws: for an invalid file of passwords, with the name of its stream.
  func mounts(for settings: StationSettings) throws(InvalidInput) -> [StreamName: SourceMount] {
    var mounts: [StreamName: SourceMount] = [:]
    for stream in settings.streams {
      guard let present = mount(of: stream.name), present.suits(stream) else {
        mounts[stream.name] = try Self.mount(of: stream, among: settings, log)
        continue
      }
      do {
        try present.gate.check()
      } catch {
        throw settings.naming(stream, in: error)
      }
      mounts[stream.name] = present
    }
    return mounts
  }

  /// Replaces the mount of a stream. A client of another mount is disconnected.
  /// - Parameter mount: nil where the stream takes no source clients any more.
  func replaceMount(of stream: StreamName, by mount: SourceMount?) {
    let (before, isStopped) = state.withLock { state in
      let index = state.mounts.firstIndex { $0.stream == stream }
      let before = index.map { state.mounts.remove(at: $0) }
      if let mount {
        state.mounts.insert(mount, at: index ?? state.mounts.endIndex)
        state.areExpected = true
      }
      return (before, state.isStopped)
    }
    if let before, before !== mount { before.remove() }
    if isStopped { mount?.stop() }
  }

  /// Reads the passwords of each mount again.
  /// - Returns: an error for each file that is invalid.
  func reload() -> [(mount: SourceMount, error: InvalidInput)] {
    mounts.compactMap { mount in
      do throws(InvalidInput) {
        try mount.gate.reload()
        return nil
      } catch {
        return (mount, error)
      }
    }
  }

  /// Whether a mount is one of the station's.
  func has(_ mount: SourceMount) -> Bool { mounts.contains { $0 === mount } }

  func stop() {
    let mounts = state.withLock { state in
      state.isStopped = true
      return state.mounts
    }
    for mount in mounts { mount.stop() }
  }

  // Requests

  /// The answer to a source client.
  func reply(to request: Request, for path: SourcePath) -> Reply {
    guard request.header("Origin") == nil, request.header("Sec-Fetch-Site") == nil else {
      return .respond(.text(403, "a web page is no source client\n"))
    }
    switch path {
    case .mount(let name, let ending): return goLive(request, name, ending: ending)
    case .title: return .respond(title(request))
    }
  }

  private func goLive(_ request: Request, _ name: StreamName, ending: String?) -> Reply {
    guard let mount = mount(of: name) else {
      warnings.warn(
        .unknownMount,
        """
        \(request.from) asks for /\(name), which takes no source clients; \(words(of: mounts))
        """)
      return .respond(Self.unknownMount(name))
    }
    let user: String
    switch verdict(request, at: mount) {
    case .refused(let response): return .respond(response)
    case .welcome(let name): user = name
    }
    if let field = SourceClient.invalidField(of: request) {
      warnings.warn(.invalidField, "\(user) from \(request.from) sends an invalid header field \(field)")
      return .respond(.text(400, "\(field): it must be short, and without control characters\n"))
    }
    switch SourceClient.Format(request, ending: ending) {
    case .refused(let type):
      warnings.warn(
        .refusedType,
        """
        \(user) from \(request.from) sends \(type), which is not taken; the client must send \
        \(SourceClient.formats)
        """)
      return .respond(.text(415, "Content-type not supported; send \(SourceClient.formats)\n"))
    case .taken(let format):
      let connection = SourceConnection(SourceClient(request, user: user, format: format, at: .now), to: mount)
      if let refusal = mount.admit(connection) { return .respond(refusal) }
      return .receive(connection)
    }
  }

  static func unknownMount(_ name: StreamName) -> Response { .text(404, "The mount /\(name) is not known\n") }

  private func words(of mounts: [SourceMount]) -> String {
    mounts.isEmpty ? "there is no mount" : "the mounts are \(mounts.map { "/\($0.stream)" }.joined(separator: ", "))"
  }

  private func title(_ request: Request) -> Response {
    switch request.method {
    case .get, .head, .other("POST"): break
    case .options, .put, .other: return .methodNotAllowed
    }
    let update: TitleUpdate
    do throws(TitleUpdate.Rejection) {
      update = try TitleUpdate(request.queryBytes)
    } catch {
      return .text(400, "\(error.rawValue)\n")
    }
    guard let mount = mount(of: update.stream) else {
      return Self.unknownMount(update.stream)
    }
    switch verdict(request, at: mount) {
    case .refused(let response): return response
    case .welcome: break
    }
    guard mount.set(update.playing) else { return .text(400, "Source does not exist\n") }
    // As Icecast answers.
    let text =
      "<?xml version=\"1.0\"?>\n<iceresponse><message>Metadata update successful</message><return>1</return></iceresponse>\n"
    return Response(
      status: 200, headers: [(name: "Content-Type", value: "text/xml"), (name: "Cache-Control", value: "no-store")],
      body: [Bytes.Slice(Array(text.utf8))])
  }

  private enum Verdict {
    case welcome(user: String)
    case refused(Response)
  }

  private func verdict(_ request: Request, at mount: SourceMount) -> Verdict {
    switch mount.gate.verdict(for: request) {
    case .welcome(let user): .welcome(user: user)
    case .refused:
      .refused(
        .text(
          401, "You need to authenticate\n",
          headers: [(name: "WWW-Authenticate", value: "Basic realm=\"ringcast\", charset=\"UTF-8\"")]))
    case .slowed(let seconds):
      .refused(
        .text(
          429, "Too many wrong passwords from this address; try again in \(seconds) s\n",
          headers: [(name: "Retry-After", value: "\(seconds)")]))
    }
  }
}
