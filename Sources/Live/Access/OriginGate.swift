import HTTP
import Logging

/// Which requests a port answers: by the host that a request names, and by the web page that sent the request.
///
/// A port that only this machine can reach is still reached by every web page that the user of this machine visits. Such a
/// page may send requests to `localhost`, or to a name of its own that leads to 127.0.0.1 (DNS rebinding). The gate keeps
/// such pages out, and lets in the hosts and the origins that the operator allows.
struct OriginGate: Sendable {
  /// Hosts by which a request may name the port.
  enum Hosts: Sendable {
    case any
    /// `localhost`, a loopback address, and these names.
    case thisMachine(and: Set<String>)
    /// Every address, `localhost`, and these names. A web page can not make an address of its own lead here.
    case addresses(and: Set<String>)
  }

  /// Origins of other sites whose pages may read the answers.
  enum Origins: Equatable, Sendable {
    case any
    case only(Set<WebOrigin>)
  }

  enum Refusal: Equatable {
    /// The request names another host; nil where the name breaks the grammar of a host.
    case host(String?)
    /// A page of another origin sent the request; nil where the request does not say which.
    case origin(String?)
  }

  private let hosts: Hosts
  private let origins: Origins
  /// Whether a request may leave its host out, as old players do with HTTP/1.0. No web page can make a browser do so.
  private let isHostOptional: Bool

  private init(hosts: Hosts, origins: Origins, isHostOptional: Bool = false) {
    self.hosts = hosts
    self.origins = origins
    self.isHostOptional = isHostOptional
  }

  /// The gate of the listeners' port.
  /// - Parameters:
  ///   - isPrivate: whether only this machine can reach the port and no token protects the stream.
  init(listeners settings: StationSettings, isPrivate: Bool) {
    self =
      isPrivate
      ? OriginGate(
        hosts: .thisMachine(and: settings.allowedNames), origins: settings.access.allowedOrigins,
        isHostOptional: true)
      : OriginGate(hosts: .any, origins: .any)
  }

  /// The gate of the operators' port, which no other site's page may read.
  init(operators settings: StationSettings, isLocal: Bool) {
    let names = settings.allowedNames
    self.init(hosts: isLocal ? .thisMachine(and: names) : .addresses(and: names), origins: .only([]))
  }

  /// Whether each request passes.
  var isOpen: Bool {
    if case .any = hosts { true } else { false }
  }

  /// Nil where the request passes.
  func refusal(of request: Request) -> Refusal? {
    if isOpen { return nil }
    let host = request.header("Host")
    if let host {
      guard let named = HostField(host) else { return .host(nil) }
      guard allows(named) else { return .host(named.name) }
    } else if !isHostOptional {
      return .host(nil)
    }
    return refusal(ofSenderOf: request)
  }

  /// Header fields of every answer that a listener gets, whatever the request says.
  var headers: [(name: String, value: String)] {
    switch origins {
    case .any: CORS.headers
    case .only(let allowed): allowed.isEmpty ? [] : Self.vary
    }
  }

  /// RFC 9110 §12.5.5: where some origins are allowed, an answer depends on the Origin field.
  private static let vary = [(name: "Vary", value: "Origin")]

  /// The answer with the header fields by which the page that sent the request may read the answer.
  func permitting(_ response: Response, to request: Request) -> Response {
    switch origins {
    case .any:
      return response.isReadable ? response : response.readable(by: "*", answering: request)
    case .only(let allowed):
      if allowed.isEmpty || response.isReadable { return response }
      let hasVary = response.headers.contains { $0.name == "Vary" && $0.value == "Origin" }
      let varying = hasVary ? response : response.adding(Self.vary)
      guard let origin = request.header("Origin").flatMap({ WebOrigin($0) }), allowed.contains(origin) else {
        return varying
      }
      return varying.readable(by: origin.text, answering: request)
    }
  }

  private func allows(_ host: HostField) -> Bool {
    switch hosts {
    case .any: true
    case .thisMachine(let names): host.isThisMachine || names.contains(host.name)
    case .addresses(let names): host.isThisMachine || host.address != nil || names.contains(host.name)
    }
  }

  /// Nil where the request comes from a page of this port, from an allowed origin, or from no page at all.
  private func refusal(ofSenderOf request: Request) -> Refusal? {
    guard case .only(let allowed) = origins else { return nil }
    if let field = request.header("Origin") {
      guard let origin = WebOrigin(field) else { return .origin(nil) }
      return origin.isOfServer(of: request) || allowed.contains(origin) ? nil : .origin(origin.text)
    }
    // Fetch Metadata: `same-site` is another port of this host, too; `none` is a person who types the address.
    guard let site = request.header("Sec-Fetch-Site"), site != "same-origin", site != "none" else { return nil }
    // A person follows a link: the page that has the link can not read where the link leads.
    if request.header("Sec-Fetch-Mode") == "navigate", request.header("Sec-Fetch-Dest") == "document" { return nil }
    // A media element sends no Origin, unless the page asks for that.
    guard let referrer = request.header("Referer").flatMap({ WebOrigin(ofURL: $0) }) else { return .origin(nil) }
    return allowed.contains(referrer) ? nil : .origin(nil)
  }
}

extension Response {
  /// Whether the pages of some origin may read the answer already.
  fileprivate var isReadable: Bool { header("Access-Control-Allow-Origin") != nil }

  /// The same answer, readable by the pages of an origin.
  /// - Parameters:
  ///   - origin: in the form of an Origin header field; `*` is every origin.
  ///   - request: the request that the answer is for.
  fileprivate func readable(by origin: String, answering request: Request) -> Response {
    let isPreflight = request.method == .options && status == 204
    return adding(
      isPreflight
        ? [(name: "Access-Control-Allow-Origin", value: origin)] + CORS.reading : CORS.headers(for: origin))
  }
}

extension WebOrigin {
  /// Whether pages of this origin come from the port that a request was sent to. A page that came without TLS comes from no
  /// port of TLS, even where both ports are the default ones of their schemes. A request without TLS may have had TLS on its
  /// way to a proxy.
  func isOfServer(of request: Request) -> Bool {
    authority == request.header("Host")?.lowercased() && (isSecure || !request.client.isSecure)
  }
}

extension OriginGate.Refusal {
  /// One line that says what to do. No other site's page can read the answer.
  func response(_ spelling: SettingSpelling) -> Response {
    switch self {
    case .host(let name):
      .text(
        403,
        "this port is private and does not answer requests for the host \(name ?? "of this request");"
          + " \(spelling(.allowHost)) \(name ?? "NAME") lets them in\n")
    case .origin(let origin):
      .text(
        403,
        "this port is private and does not answer pages of \(origin ?? "another origin");"
          + " \(spelling(.allowOrigin)) \(origin ?? "ORIGIN") lets them in\n")
    }
  }
}

/// The gates of both ports, and what each of them guards.
struct OriginGates: Sendable {
  let listeners: OriginGate
  let operators: OriginGate

  /// - Parameters:
  ///   - ports: the ports, bound.
  ///   - isClosed: whether listeners must show a token.
  init(_ settings: StationSettings, _ ports: BoundPorts, isClosed: Bool, log: Log) {
    let isPrivate = ports.areListenersLocal && !isClosed
    listeners = OriginGate(listeners: settings, isPrivate: isPrivate)
    operators = OriginGate(operators: settings, isLocal: ports.areOperatorsLocal)
    if !isPrivate, settings.rooms == nil, settings.access.allowedOrigins != .only([]) {
      log.info(
        "\(settings.spelling(.allowOrigin)) has no effect: the stream is not private, so that every page may read it")
    }
    if !isPrivate, ports.operators == nil, !settings.access.allowedHosts.isEmpty {
      log.info("\(settings.spelling(.allowHost)) has no effect: the stream is not private")
    }
  }

  init(listeners: OriginGate, operators: OriginGate) {
    (self.listeners, self.operators) = (listeners, operators)
  }

  /// Nil where the request passes. The listeners' page has files that anybody may read; they tell nothing of the stream.
  func refusal(of request: Request, for route: Route, through endpoint: Endpoint) -> OriginGate.Refusal? {
    switch (endpoint, route) {
    case (.operators, _): operators.refusal(of: request)
    case (.listeners, .page), (.listeners, .operators): nil
    case (.listeners, _): listeners.refusal(of: request)
    }
  }

  /// The answer with the header fields by which the page that sent the request may read the answer. Nobody else's page
  /// may read what is the operators'.
  func permitting(_ response: Response, to request: Request, for route: Route, through endpoint: Endpoint) -> Response {
    switch (endpoint, route) {
    case (.operators, _), (.listeners, .operators), (.listeners, .api), (.listeners, .studio),
      (.listeners, .secureAddress):
      response
    case (.listeners, .recordings(let path)) where path.isOfOperators: response
    // The list and the events of rooms are as readable as the streams; the rooms decide about the rest.
    case (.listeners, .rooms(let path)) where !path.isReadOnly: response
    case (.listeners, .page): response.status < 400 ? response : listeners.permitting(response, to: request)
    case (.listeners, _): listeners.permitting(response, to: request)
    }
  }
}

extension StationSettings {
  /// The names by which a request may ask for a private port and the operators' port, lowercased: the allowed hosts, and
  /// the hosts that the ports were bound to.
  fileprivate var allowedNames: Set<String> {
    Set((access.allowedHosts + [endpoints.host, operators.host].compactMap { $0 }).compactMap { HostField($0)?.name })
  }
}
