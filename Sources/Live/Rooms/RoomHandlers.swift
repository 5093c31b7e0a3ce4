import Core
import HTTP
import Rooms
import System

/// Answers the requests for paths below `/rooms`.
final class RoomHandlers: Sendable {
  private static let subprotocol = "ringcast.room.1"

  private let service: RoomsService
  private let access: RoomAccess
  private let reader: MessageReader
  private let files: StaticFiles
  /// The channel on which the messages to members are sent on as server-sent events.
  private let channel: Int
  private let news: RoadNews

  init(_ service: RoomsService, _ parts: RoomsParts, access: RoomAccess, files: StaticFiles, channel: Int) {
    (self.service, self.access, self.files, self.channel) = (service, access, files, channel)
    news = parts.news
    reader = MessageReader(parts.settings.limits, access: access)
  }

  /// - Parameter waited: the time since the request was held first.
  func reply(to request: Request, for path: RoomPath, waited: Duration) -> Reply {
    let sender = access.sender(of: request)
    if sender == .foreign, path.isGuarded(against: request.method) { return .respond(Self.foreign) }
    if request.method == .options { return .respond(Self.options(for: path, sender)) }
    let reply = reply(to: request, path, waited: waited)
    guard case .respond(let response) = reply, case .allowed(let origin) = sender,
      response.header("Access-Control-Allow-Origin") == nil
    else { return reply }
    return .respond(
      response.adding(
        [(name: "Access-Control-Allow-Origin", value: origin.text), (name: "Vary", value: "Origin")]))
  }

  private func reply(to request: Request, _ path: RoomPath, waited: Duration) -> Reply {
    switch (path, request.method) {
    case (.redirect, .get), (.redirect, .head):
      return .respond(.text(308, "the rooms are at /rooms/\n", headers: [(name: "Location", value: "/rooms/")]))
    case (.list, .get), (.list, .head): return .respond(page("/rooms/list.html", request))
    case (.room(_, .page), .get), (.room(_, .page), .head): return .respond(page("/rooms/room.html", request))
    case (.listObject, .get), (.listObject, .head):
      return .respond(.json(service.list.text(for: RoomList.Viewer(access.credentials(of: request, for: nil)))))
    case (.listEvents, .get), (.listEvents, .head):
      let viewer = RoomList.Viewer(access.credentials(of: request, for: nil))
      defer { service.post() }
      return .respond(service.list.response(to: request, for: viewer))
    case (.room(let room, .socket), .get): return socket(request, room)
    case (.room(let room, .messages), .get): return messages(request, room, waited: waited)
    case (.room(let room, .events), .get), (.room(let room, .events), .head):
      return .respond(events(request, room))
    case (.room(let room, .messages), .other("POST")): return message(request, to: room)
    case (.room(let room, .events), .other("POST")):
      return self.request(request, room) { (text) throws(RoomError) in .event(try EventRequest(text)) }
    case (.room(let room, .actions), .other("POST")):
      return self.request(request, room) { (text) throws(RoomError) in .action(try HostAction(text)) }
    case (.room(let room, .invites), .other("POST")):
      return self.request(request, room) { (text) throws(RoomError) in .invite(try .init(text)) }
    default: return .respond(.methodNotAllowed(but: path.methods))
    }
  }

  /// `GET /rooms/NAME/members`, for an operator.
  func members(of room: RoomName) -> Response {
    .json(JSON.object([("members", .array(service.members(of: room).map(\.json)))]).text)
  }

  private func page(_ path: String, _ request: Request) -> Response {
    files.file(path)?.response(to: request) ?? .notFound
  }

  // The roads of members

  private func socket(_ request: Request, _ room: RoomName) -> Reply {
    switch WebSocketHandshake.verdict(on: request, subprotocols: [Self.subprotocol]) {
    case .refused(let response): return .respond(response)
    case .accepted(let acceptance):
      let visitor = visitor(request, to: room, by: acceptance.subprotocol == nil ? .plainWebSocket : .webSocket)
      let settings = RoomSocket.settings(messageLimit: reader.longest)
      return .upgrade(
        WebSocketUpgrade(acceptance, settings) { [service, reader] webSocket in
          let connection = service.nextConnection()
          let road = RoomSocket(webSocket, connection, to: room, reader: reader, service: service)
          service.post(.opened(connection, room, visitor, road))
          return road
        })
    }
  }

  /// `GET /rooms/NAME/messages`
  private func messages(_ request: Request, _ room: RoomName, waited: Duration) -> Reply {
    guard let session = request.header("Ringcast-Session"), let road = service.requestRoads[session, room] else {
      return .respond(.refusal(Self.noRoad))
    }
    let isEvents = request.header("Accept")?.contains("text/event-stream") == true
    let last = isEvents ? request.header("Last-Event-ID") : nil
    guard let after = Int(last ?? request.query.first { $0.name == "after" }?.value ?? "0") else {
      return .respond(.refusal(RoomError(.badMessage, "after must be the number of a message.")))
    }
    switch isEvents ? road.events(after: after, to: request) : road.poll(after: after, waited: waited) {
    case .response(let response): return .respond(response)
    case .notYet: return .hold
    case .lost: return .respond(.refusal(Self.noRoad))
    }
  }

  private static let noRoad = RoomError(.closed, "The server does not have this road any more: say hello again.")

  /// `POST /rooms/NAME/messages`
  private func message(_ request: Request, to room: RoomName) -> Reply {
    let session = request.header("Ringcast-Session")
    let visitor = visitor(request, to: room, by: .events)
    return DeferredAnswer.reply(to: request, atMost: reader.longest) {
      [self] content, answer in
      let road = session.flatMap { service.requestRoads[$0, room] }
      if let road, !road.takes(at: .now) { return answer.respond(.refusal(RoomError(.tooFast))) }
      let connection = road?.connection ?? service.nextConnection()
      let input = reader.input(content, of: connection, in: room)
      if reader.isHello(input) {
        // A hello begins a road, even where the session has one.
        let connection = road == nil ? connection : service.nextConnection()
        let new = RequestRoad(
          connection, room: room, channel: channel, allowance: reader.allowance, news: news)
        service.post(
          .opened(connection, room, visitor, new),
          .posted(road == nil ? input : reader.input(content, of: connection, in: room), connection, answer))
      } else if case .unreadable(_, let error) = input {
        answer.respond(.refusal(error))
      } else if road != nil {
        service.post(.posted(input, connection, answer))
      } else {
        answer.respond(.refusal(Self.noRoad))
      }
    }
  }

  private func visitor(_ request: Request, to room: RoomName, by road: Road) -> Visitor {
    let address = request.client.address.map { ClientAddress($0) }
    return Visitor(
      road: road, address: address?.description ?? "", credentials: access.credentials(of: request, for: room),
      isLimited: address.map { !$0.isLocal } ?? false)
  }

  // The audience, hosts and operators

  /// `GET /rooms/NAME/events`
  private func events(_ request: Request, _ room: RoomName) -> Response {
    let invite = request.query.first { $0.name == "invite" }?.value
    let reader = RoomAudiences.Reader(visitor: visitor(request, to: room, by: .events), invite: invite)
    if let error = service.refusal(of: reader, room) { return .refusal(error) }
    defer { service.post() }
    let isThere = service.exists(room)
    return service.audiences.response(to: request, of: room, isThere: isThere, for: reader)
      ?? .refusal(RoomError(.tooManyRooms))
  }

  /// A request that acts on a room.
  private func request(
    _ request: Request, _ room: RoomName, read: @escaping @Sendable ([UInt8]) throws(RoomError) -> RoomsRequest
  ) -> Reply {
    guard let requester = access.requester(of: request) else { return .respond(.refusal(RoomError(.notAllowed))) }
    return DeferredAnswer.reply(to: request, atMost: reader.longest) {
      [service] content, answer in
      do throws(RoomError) {
        service.post(.request(room, requester, try read(content), answer))
      } catch {
        answer.respond(.refusal(error))
      }
    }
  }

  // Pages of other sites

  private static let foreign = Response.text(403, "a page of another site may not use the rooms of this server\n")

  /// The answer to OPTIONS, which is also the preflight of a page of an allowed site (Fetch standard, "CORS protocol").
  private static func options(for path: RoomPath, _ sender: RoomAccess.Sender) -> Response {
    let allow = Response(status: 204, headers: [(name: "Allow", value: path.methods)])
    guard case .allowed(let origin) = sender else { return allow }
    return allow.adding([
      (name: "Access-Control-Allow-Origin", value: origin.text), (name: "Vary", value: "Origin"),
      (name: "Access-Control-Allow-Methods", value: path.methods),
      (
        name: "Access-Control-Allow-Headers",
        value: "Accept, Authorization, Cache-Control, Content-Type, Last-Event-ID, Ringcast-Session"
      ),
      (name: "Access-Control-Max-Age", value: "86400"),
    ])
  }
}

extension RoomPath {
  /// The value of an Allow field.
  var methods: String {
    switch self {
    case .room(_, .socket): "GET, OPTIONS"
    case .room(_, .messages): "GET, POST, OPTIONS"
    case .room(_, .events): "GET, HEAD, POST, OPTIONS"
    case .room(_, .actions), .room(_, .invites): "POST, OPTIONS"
    case .redirect, .list, .listObject, .listEvents, .room(_, .page), .room(_, .members): "GET, HEAD, OPTIONS"
    }
  }

  /// Whether a page of a foreign site must not send such a request. Pages and lists show such a page nothing.
  fileprivate func isGuarded(against method: Request.Method) -> Bool {
    switch (self, method) {
    case (.room(_, .socket), _), (.room(_, .messages), _): true
    case (.room(_, .events), .other), (.room(_, .actions), _), (.room(_, .invites), _): true
    default: false
    }
  }
}
