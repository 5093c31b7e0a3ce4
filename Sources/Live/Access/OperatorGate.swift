import HTTP

/// Who may see, and do, what is the operator's.
struct OperatorGate: Sendable {
  enum Verdict: Equatable {
    case welcome(TokenGate.Pass)
    case refused(Refusal)
  }

  enum Refusal: Equatable {
    case tokenNeeded
    /// It is at the other door.
    case absent
  }

  private let tokens: TokenGate
  /// Whether the operator chose the tokens. A token that the station made is needed by fewer requests.
  private let areChosen: Bool
  /// Where operators come in.
  private let door: Endpoint
  /// Whether only this machine can reach that port.
  private let isLocal: Bool

  init(_ tokens: TokenGate, areChosen: Bool, at door: Endpoint, isLocal: Bool) {
    (self.tokens, self.areChosen, self.door, self.isLocal) = (tokens, areChosen, door, isLocal)
  }

  private static let cookie = "ringcast-admin"

  /// The tokens that `configuration` has for operators; nil where it has none.
  static func tokens(_ configuration: Configuration) throws(Configuration.Conflict) -> TokenGate? {
    if configuration.adminToken == nil, configuration.adminTokenFile == nil { return nil }
    return try TokenGate(
      "--admin-token", cookie: cookie, single: configuration.adminToken, file: configuration.adminTokenFile)
  }

  /// The token that the station made where `configuration` has none.
  static func tokens(_ made: OperatorToken) -> TokenGate { TokenGate(made.token, cookie: cookie) }

  /// Operators show a token. At a port of their own that only this machine can reach, a request without a token may look,
  /// unless the operator chose a token, or a proxy says that it stands in between.
  /// - Parameter changes: whether the request would change something.
  func verdict(for request: Request, through door: Endpoint, changes: Bool = false) -> Verdict {
    guard door == self.door else { return .refused(.absent) }
    if let pass = tokens.pass(for: request) { return .welcome(pass) }
    let mayLook = door == .operators && isLocal && !areChosen && !changes && request.isDirect
    return mayLook ? .welcome(TokenGate.Pass()) : .refused(.tokenNeeded)
  }

  /// The page that asks for the token holds nothing else, and so needs none.
  func verdictForPage(for request: Request, through door: Endpoint) -> Verdict {
    let verdict = verdict(for: request, through: door)
    return verdict == .refused(.tokenNeeded) ? .welcome(TokenGate.Pass()) : verdict
  }

  /// See `TokenGate`.
  func keeping(_ pass: TokenGate.Pass, isSecure: Bool) -> [(name: String, value: String)] {
    tokens.keeping(pass, isSecure: isSecure)
  }
}

extension OperatorGate.Refusal {
  /// Other sites' pages can't read it.
  var response: Response {
    switch self {
    case .tokenNeeded:
      .text(
        401, "an operator's token is needed: the log names the address with the token, or --admin-token sets another\n",
        headers: [(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast-admin\"")])
    case .absent: .notFound
    }
  }
}

extension Request {
  /// Whether no proxy says that it stands between the client and this port.
  fileprivate var isDirect: Bool {
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"]
      .allSatisfy { header($0) == nil }
  }
}
