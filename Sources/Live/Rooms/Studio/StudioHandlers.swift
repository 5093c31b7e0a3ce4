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
    /// The title now playing.
    let title: @Sendable () -> String?
  }

  private let streams: [Stream]
  private let access: RoomAccess
  private let files: StaticFiles
  /// The room whose host shows an invite with this text.
  private let room: @Sendable (_ invite: String) throws(RoomError) -> RoomName

  init(
    _ streams: [Stream], access: RoomAccess, files: StaticFiles,
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
      case .operator(let cookie): return .json(text(of: streams)).adding(cookie)
      case .host(let room): return .json(text(of: streams.filter { $0.room == room }))
      }
    } catch {
      return .json(error.json.text, status: 401).adding([(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast\"")]
      )
    }
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
        ("title", stream.title().map { .string($0) } ?? .null),
      ])
    }
    return JSON.object([("streams", .array(list))]).text
  }
}
