import Core
import HTTP
import Rooms

/// Answers the requests for the paths of the studio.
struct StudioHandlers: Sendable {
  /// A stream, as a person who broadcasts sees the stream.
  struct Stream: Sendable {
    let name: StreamName
    /// The room whose mix is the stream's source; nil for another source.
    let room: RoomName?
    /// The sound that listeners hear while nobody is on the air, and its fate under voices.
    let fallback: StreamSettings.FallbackChoice?
    let underVoice: StreamSettings.UnderVoice
    /// The title now playing.
    let title: @Sendable () -> String?
    /// The number of listeners now.
    let listeners: @Sendable () -> Int
  }

  private let streams: @Sendable () -> [Stream]
  private let access: RoomAccess
  private let files: StaticFiles
  /// The room whose host shows an invite with this text.
  private let room: @Sendable (_ invite: String) throws(RoomError) -> RoomName

  /// - Parameter streams: the streams of the moment, asked at each request.
  init(
    _ streams: @escaping @Sendable () -> [Stream], access: RoomAccess, files: StaticFiles,
    room: @escaping @Sendable (_ invite: String) throws(RoomError) -> RoomName
  ) {
    (self.streams, self.access, self.files, self.room) = (streams, access, files, room)
  }

  func response(to request: Request, for path: StudioPath) -> Response {
    switch (path, request.method) {
    case (_, .put), (_, .other): .methodNotAllowed
    case (_, .options): .options
    case (.page, .get), (.page, .head): files.file("/studio/studio.html")?.response(to: request) ?? .notFound
    case (.streams, .get), (.streams, .head): list(request)
    }
  }

  /// `GET /studio.json`: an operator sees every stream, and a host sees the streams whose source is the host's room.
  private func list(_ request: Request) -> Response {
    do throws(RoomError) {
      switch try viewer(of: request) {
      case .operator(let cookie): return .json(text(of: streams())).adding(cookie)
      case .host(let room): return .json(text(of: streams().filter { $0.room == room }))
      }
    } catch {
      return .json(error.json.text, status: 401).adding([(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast\"")]
      )
    }
  }

  /// Whether a request shows the invite of a host of the room that is the stream's source.
  func isHost(_ request: Request, of stream: StreamName) -> Bool {
    guard let room = streams().first(where: { $0.name == stream })?.room, let invite = access.invite(of: request)
    else { return false }
    return (try? self.room(invite)) == room
  }

  private enum Viewer {
    /// - Parameter cookie: keeps the token.
    case `operator`(cookie: [(name: String, value: String)])
    case host(of: RoomName)
  }

  private func viewer(of request: Request) throws(RoomError) -> Viewer {
    if let cookie = access.operatorCookie(for: request) { return .operator(cookie: cookie) }
    guard let invite = access.invite(of: request) else { throw RoomError(.notAllowed) }
    return .host(of: try room(invite))
  }

  private func text(of streams: [Stream]) -> String {
    let list = streams.map { stream in
      JSON.object([
        ("name", .string(stream.name.text)), ("room", stream.room.map { .string($0.text) } ?? .null),
        ("title", stream.title().map { .string($0) } ?? .null), ("listeners", .number(stream.listeners())),
        ("fallback", .string(stream.fallback?.kind ?? "silence")), ("underVoice", .string(stream.underVoice.rawValue)),
      ])
    }
    return JSON.object([("streams", .array(list))]).text
  }
}

extension StreamSettings.FallbackChoice {
  /// The word for the page; a host need not know the path of a file.
  fileprivate var kind: String {
    switch self {
    case .file: "file"
    case .tone: "tone"
    case .alsa: "alsa"
    case .relay: "relay"
    case .stream: "stream"
    }
  }
}
