import HTTP

/// Who may see, and do, what is the operator's.
struct OperatorAdmission: Sendable {
  enum Verdict: Equatable {
    case welcome(Admission.Pass)
    case refused(Refusal)
  }

  enum Refusal: Equatable {
    case tokenNeeded
    /// Nobody is let in, as things are set.
    case closed
    /// Nobody may change anything, as things are set.
    case unchangeable
    /// It is at the other door.
    case absent
  }

  private let tokens: Admission
  /// Where operators come in.
  private let door: Door
  /// Whether only this machine can reach that port.
  private let isLocal: Bool

  init(_ tokens: Admission, at door: Door, isLocal: Bool) {
    (self.tokens, self.door, self.isLocal) = (tokens, door, isLocal)
  }

  /// The tokens that `configuration` has for operators.
  static func tokens(_ configuration: Configuration) throws(Configuration.Conflict) -> Admission {
    try Admission(
      "--admin-token", cookie: "ringcast-admin", single: configuration.adminToken, file: configuration.adminTokenFile)
  }

  /// Where no token is set, whoever reaches the operators' port may look; or, where only this machine can reach the port,
  /// whoever asks from here. To change something takes a token.
  /// - Parameter changes: whether it would.
  func verdict(for request: Request, through door: Door, changes: Bool = false) -> Verdict {
    guard door == self.door else { return .refused(.absent) }
    if tokens.isClosed { return tokens.pass(for: request).map { .welcome($0) } ?? .refused(.tokenNeeded) }
    if changes { return .refused(.unchangeable) }
    let isIn = isLocal ? request.isFromHere : door == .operators
    return isIn ? .welcome(Admission.Pass()) : .refused(.closed)
  }

  /// The page that asks for the token holds nothing else, and so needs none.
  func verdictForPage(for request: Request, through door: Door) -> Verdict {
    let verdict = verdict(for: request, through: door)
    return verdict == .refused(.tokenNeeded) ? .welcome(Admission.Pass()) : verdict
  }

  /// See `Admission`.
  func keeping(_ pass: Admission.Pass, isSecure: Bool) -> [(name: String, value: String)] {
    tokens.keeping(pass, isSecure: isSecure)
  }
}

extension OperatorAdmission.Refusal {
  /// Other sites' pages can't read it.
  var response: Response {
    switch self {
    case .tokenNeeded:
      .text(
        401, "an operator's token is needed\n",
        headers: [(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast-admin\"")])
    case .closed: .text(403, "this is for operators: --admin-port PORT, or --admin-token TOKEN, lets them in\n")
    case .unchangeable: .text(403, "this takes an operator's token, and none is set: --admin-token TOKEN\n")
    case .absent: .notFound
    }
  }
}

extension Request {
  /// Whether it comes straight from this machine, for all it says: it asks for this machine by a name that no other site
  /// can have, so that no page whose name leads here has sent it (DNS rebinding), and no proxy says it is in between.
  fileprivate var isFromHere: Bool {
    guard let host = header("Host"), Self.localHost(host) else { return false }
    return ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"]
      .allSatisfy { header($0) == nil }
  }

  /// RFC 9110 §7.2: Host = uri-host [ ":" port ].
  private static func localHost(_ host: String) -> Bool {
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    return ["localhost", "[::1]"].contains(name.lowercased()) || isLoopback(name)
  }

  private static func isLoopback(_ address: Substring) -> Bool {
    let numbers = address.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }
}
