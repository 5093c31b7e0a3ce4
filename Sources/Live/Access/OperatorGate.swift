import HTTP
import Logging

/// The requests that may see and change what is the operators' own.
struct OperatorGate: Sendable {
  enum Verdict: Equatable {
    case welcome(TokenGate.Pass)
    case refused(Refusal)
  }

  enum Refusal: Equatable {
    case tokenNeeded
    /// Operators come in at the other port.
    case absent
  }

  private let tokens: TokenGate
  /// Whether the operator chose the tokens. A token that the station made is needed by fewer requests.
  private let areChosen: Bool
  /// The port of the operators.
  private let endpoint: Endpoint
  private let port: UInt16
  /// Whether only this machine can reach that port.
  private let isLocal: Bool

  init(_ tokens: TokenGate, areChosen: Bool, at endpoint: Endpoint, port: UInt16, isLocal: Bool) {
    self.tokens = tokens
    self.areChosen = areChosen
    self.endpoint = endpoint
    self.port = port
    self.isLocal = isLocal
  }

  /// The tokens that the settings name for operators; nil where they name none.
  static func tokens(_ settings: OperatorSettings, log: Log) throws(InvalidInput) -> TokenGate? {
    if settings.token == nil, settings.tokenFile == nil { return nil }
    return try TokenGate(.operators, single: settings.token, file: settings.tokenFile, log: log)
  }

  /// The token that the station made because the settings name none.
  static func tokens(_ made: OperatorToken, log: Log) -> TokenGate {
    TokenGate(.operators, only: made.token, log: log)
  }

  /// Operators show a token. At a port of their own that only this machine can reach, a request without a token may look,
  /// unless the operator chose a token, or a proxy says that it stands in between.
  /// - Parameter changes: whether the request would change something.
  func verdict(for request: Request, through endpoint: Endpoint, changes: Bool = false) -> Verdict {
    guard endpoint == self.endpoint else { return .refused(.absent) }
    if let pass = tokens.pass(for: request, to: .operate, port: port) { return .welcome(pass) }
    let mayLook = endpoint == .operators && isLocal && !areChosen && !changes && request.isDirect
    return mayLook ? .welcome(TokenGate.Pass()) : .refused(.tokenNeeded)
  }

  /// The page that asks for the token holds nothing else, and so needs none.
  func verdictForPage(for request: Request, through endpoint: Endpoint) -> Verdict {
    let verdict = verdict(for: request, through: endpoint)
    return verdict == .refused(.tokenNeeded) ? .welcome(TokenGate.Pass()) : verdict
  }

  /// Whether a request shows an operator's token. The port does not matter: operators enter rooms at either port.
  func knows(_ request: Request) -> Bool { pass(for: request) != nil }

  /// The same, with the leave that the token gives; nil for a request that shows no operator's token.
  func pass(for request: Request) -> TokenGate.Pass? { tokens.pass(for: request, to: .operate, port: port) }

  /// Whether a text is an operator's token.
  func knows(_ credential: TokenGate.Credential) -> Bool { tokens.may(credential, .operate) != nil }

  /// See `TokenGate`.
  func keeping(_ pass: TokenGate.Pass, for request: Request) -> [(name: String, value: String)] {
    tokens.keeping(pass, for: request, port: port)
  }
}

extension OperatorGate.Refusal {
  /// The answer to the refused request. Other sites' pages cannot read it.
  func response(_ spelling: SettingSpelling) -> Response {
    switch self {
    case .tokenNeeded:
      .text(
        401,
        "an operator's token is needed: the log names the address with the token, or \(spelling(.adminToken)) sets another\n",
        headers: [(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast-admin\"")])
    case .absent: .notFound
    }
  }
}

extension Response {
  /// The answer to a request that changes something and comes from a page of another site.
  static let ofAnotherPage = text(403, "only a page of this station may do this\n")
}

extension Request {
  /// Whether a page of another origin sent the request. The cookie of an operator gives such a page no leave.
  var isOfAnotherPage: Bool {
    header("Origin").map { WebOrigin($0)?.isOfServer(of: self) != true } ?? false
  }

  /// Whether no proxy says that it stands between the client and this port.
  fileprivate var isDirect: Bool {
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"]
      .allSatisfy { header($0) == nil }
  }
}
