import HTTP
import Rooms

/// The rights that a request, or a token in a message, shows for a room. Any thread may ask.
struct RoomAccess: Sendable {
  private let gates: Gates
  private let openOrigins: OriginGate.Origins

  /// - Parameter origins: the origins of other sites whose pages may use the rooms.
  init(_ gates: Gates, origins: OriginGate.Origins) {
    (self.gates, openOrigins) = (gates, origins)
  }

  /// The page that sent a request.
  enum Sender: Equatable {
    /// A page of this server, or no page at all.
    case own
    /// A page of another site that `--allow-origin` names.
    case allowed(WebOrigin)
    case foreign
  }

  /// The sender by the Origin field. Browsers send this field with each handshake of a WebSocket and with each request that
  /// may change something (Fetch standard, "append a request `Origin` header").
  func sender(of request: Request) -> Sender {
    guard let field = request.header("Origin") else { return .own }
    guard let origin = WebOrigin(field) else { return .foreign }
    if origin.isOfServer(of: request) { return .own }
    return switch openOrigins {
    case .any: .allowed(origin)
    case .only(let origins): origins.contains(origin) ? .allowed(origin) : .foreign
    }
  }

  /// The rights that a request shows by its header fields and its query. Operators may come in at either port.
  /// - Parameter room: the room that the request is for; nil for the list of rooms.
  func credentials(of request: Request, for room: RoomName?) -> Credentials {
    if gates.operators.knows(request) { return .operator }
    let pass = gate(of: room).pass(for: request, to: Self.listening, port: gates.port)
    return Credentials(mayListen: pass != nil)
  }

  private static let listening = TokenGate.Action.listen(to: .live)

  /// The gate of the stream whose name the room has, or that of the station.
  private func gate(of room: RoomName?) -> TokenGate {
    room.flatMap { StreamName(valid: $0.text) }.map { gates.listeners[$0] } ?? gates.listeners.ofStation
  }

  /// The rights that a token in a message shows.
  func credentials(ofToken token: String, for room: RoomName) -> Credentials {
    let shown = TokenGate.Credential(text: token, isInQuery: false)
    if gates.operators.knows(shown) { return .operator }
    let gate = gate(of: room)
    guard gate.isClosed else { return Credentials(mayListen: true, hasWrongToken: true) }
    let mayListen = gate.may(shown, Self.listening) != nil
    return Credentials(mayListen: mayListen, hasWrongToken: !mayListen)
  }

  /// The person who asks to act on a room; nil where the request shows no right.
  func requester(of request: Request) -> Requester? {
    if gates.operators.knows(request) { return .operator }
    if let session = request.header("Ringcast-Session") { return .session(session) }
    return bearer(of: request).map { .invite($0) }
  }

  /// The header fields by which the browser of an operator keeps the token; nil for a request that shows no operator's token.
  func operatorCookie(for request: Request) -> [(name: String, value: String)]? {
    gates.operators.pass(for: request).map { gates.operators.keeping($0, for: request) }
  }

  /// The text that a request shows as an invite; nil where it shows none.
  func invite(of request: Request) -> String? { request.header("Ringcast-Invite") ?? bearer(of: request) }

  private func bearer(of request: Request) -> String? {
    guard case .bearer(let text) = request.header("Authorization").flatMap({ Authorization($0) }) else { return nil }
    return text
  }
}
