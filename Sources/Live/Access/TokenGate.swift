import HTTP
import Logging
import Synchronization

/// The tokens that open the station to listeners, or to operators; without a token setting, everybody is let in.
final class TokenGate: Sendable {
  /// An action that a token may allow.
  enum Action: Equatable, Sendable {
    case listen(to: StreamName)
    case operate
  }

  /// A text that a request shows as a token.
  struct Credential: Equatable, Sendable {
    let text: String
    /// Whether the text came in the query of the URL.
    let isInQuery: Bool
  }

  /// The leave to do what a request asks for.
  struct Pass: Equatable {
    /// The token that the URIs of a playlist must carry: a player that came with a token in the query has no other way to
    /// show a token.
    var inQuery: Token?
  }

  /// The settings that name the tokens, and the first word of the cookie in which a browser keeps a token.
  struct Source: Sendable {
    let single: SettingKey
    let file: SettingKey
    let cookie: String

    static let listeners = Source(single: .listenToken, file: .listenTokenFile, cookie: "ringcast")
    /// A browser keeps the tokens of several streams at a time.
    static func listeners(of stream: StreamName) -> Source {
      Source(single: .listenToken, file: .listenTokenFile, cookie: "ringcast-\(stream)")
    }
    static let operators = Source(single: .adminToken, file: .adminTokenFile, cookie: "ringcast-admin")
  }

  /// Each text that a request shows is compared with every token: a thousand comparisons take some ten microseconds.
  static let mostTokens = 1000
  /// The most texts of a request that are compared. A browser sends few cookies of one name.
  private static let mostCredentials = 8

  private let source: Source
  private let single: Token?
  private let file: String?
  private let log: Log
  private let tokens: Mutex<TokenList>

  /// The gate of the listeners.
  convenience init(_ settings: AccessSettings, log: Log) throws(InvalidInput) {
    try self.init(.listeners, single: settings.listenToken, file: settings.listenTokenFile, log: log)
  }

  /// Lets in every request that shows this token.
  convenience init(_ source: Source, only token: Token, log: Log) {
    self.init(source, single: token, file: nil, tokens: [token], log: log)
  }

  convenience init(_ source: Source, single: Token?, file: String?, log: Log) throws(InvalidInput) {
    let tokens = try Self.tokens(source, single, file, log)
    self.init(source, single: single, file: file, tokens: tokens, log: log)
  }

  /// The gate while its file cannot be opened: the single token alone lets in, until `reload` succeeds.
  convenience init(_ source: Source, single: Token?, waitingFor file: String, log: Log) {
    self.init(source, single: single, file: file, tokens: single.map { [$0] } ?? [], log: log)
  }

  private init(_ source: Source, single: Token?, file: String?, tokens: [Token], log: Log) {
    self.source = source
    self.single = single
    self.file = file
    self.log = log
    self.tokens = Mutex(TokenList(tokens))
  }

  /// Reads the file again. Listeners who are connected stay so; their next request needs a token of the new file. If the
  /// file is invalid, the tokens stay as they were.
  func reload() throws(InvalidInput) {
    let read = TokenList(try Self.tokens(source, single, file, log))
    tokens.withLock { $0 = read }
  }

  /// Whether a token is needed.
  var isClosed: Bool { single != nil || file != nil }

  /// Whether a text is a valid token. Not for a text whose sender learns how long the answer takes.
  func knows(_ text: String) -> Bool { tokens.withLock { $0 }.contains(text) }

  /// The leave for a request to do something; nil where the request shows no valid token.
  /// - Parameters:
  ///   - port: the port that the request has come to; see `TokenCookie`.
  ///   - isAlone: whether the token in the query must be that of this gate. A request that concerns several gates has one
  ///     query for all of them: there, a token of another gate does not take the place of this gate's cookie.
  func pass(for request: Request, to action: Action, port: UInt16, isAlone: Bool = true) -> Pass? {
    guard isClosed else { return Pass() }
    for credential in credentials(of: request, port: port, isAlone: isAlone) {
      if let pass = may(credential, action) { return pass }
    }
    return nil
  }

  /// The leave for the bearer of a credential to do something; nil without leave. Every token of a gate allows every action
  /// of that gate: a listener's token of the station opens each stream that has no tokens of its own.
  func may(_ credential: Credential, _ action: Action) -> Pass? {
    guard isClosed else { return Pass() }
    guard let token = tokens.withLock({ $0 }).token(credential.text) else { return nil }
    return Pass(inQuery: credential.isInQuery ? token : nil)
  }

  /// The texts that a request shows, of which one valid token is enough: a proxy in front may have a password of its own,
  /// and a browser an old cookie. Where the query has a token, and the request concerns this gate alone, no other text
  /// counts, even if that token is wrong: somebody tries another token.
  private func credentials(of request: Request, port: UInt16, isAlone: Bool) -> [Credential] {
    let shown = request.query.first { $0.name == "token" }.map { Credential(text: $0.value, isInQuery: true) }
    if let shown, isAlone { return [shown] }
    var texts: [String] = []
    switch request.header("Authorization").flatMap({ Authorization($0) }) {
    case .bearer(let token): texts.append(token)
    // A player takes a user and a password in a URL, and has no other place for a token.
    case .basic(let user, let password): texts += [password, user]
    case nil: break
    }
    if let field = request.header("Cookie") {
      texts += CookieField.values(
        of: TokenCookie(source.cookie, port: port).names, in: field, atMost: Self.mostCredentials)
    }
    return (shown.map { [$0] } ?? []) + texts.map { Credential(text: $0, isInQuery: false) }
  }

  /// The header fields with which a browser keeps the token that came in the query, so that no further URL needs the token.
  func keeping(_ pass: Pass, for request: Request, port: UInt16) -> [(name: String, value: String)] {
    guard let token = pass.inQuery else { return [] }
    return [TokenCookie(source.cookie, port: port).field(keeping: token, isSecure: request.client.isSecure)]
  }

  private static func tokens(
    _ source: Source, _ single: Token?, _ file: String?, _ log: Log
  ) throws(InvalidInput) -> [Token] {
    guard let file else { return single.map { [$0] } ?? [] }
    func invalid(_ rule: String) -> InvalidInput { InvalidInput(source.file, file, SettingText(rule)) }
    let secret = SecretFile(file, of: source.file)
    let text = String(decoding: try secret.read(), as: UTF8.self)
    let listed: [Token]
    do {
      listed = try Token.list(text)
    } catch {
      throw InvalidInput(source.file, file, error.text)
    }
    guard !listed.isEmpty else { throw invalid("it must hold a token") }
    guard listed.count <= mostTokens else { throw invalid("it must hold \(mostTokens) tokens at the most") }
    secret.warnOfReaders(log)
    return listed + (single.map { [$0] } ?? [])
  }
}

extension Response {
  /// RFC 9110 §15.5.2: "The server generating a 401 response MUST send a WWW-Authenticate header field". The answer to a
  /// wrong token is the answer to none.
  static let unauthorized = text(
    401, "a token is needed\n", headers: [(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast\"")])

  /// The same for a player that sends a user and a password only where it is asked for them (RFC 7617 §2).
  private static let unauthorizedPlayer = unauthorized.adding(
    [(name: "WWW-Authenticate", value: "Basic realm=\"ringcast\", charset=\"UTF-8\"")])

  /// - Parameter request: a browser would ask its user for a user name and a password, although the page asks for the token.
  ///   The `User-Agent` of every browser begins with `Mozilla/`.
  static func unauthorized(for request: Request) -> Response {
    request.header("User-Agent")?.hasPrefix("Mozilla/") == true ? unauthorized : unauthorizedPlayer
  }
}
