import HTTP
import Synchronization
import System

/// The tokens that open the station to listeners, or to operators; without a token setting, everybody is let in.
final class TokenGate: Sendable {
  /// An action that a token may allow.
  enum Action: Equatable, Sendable {
    case listen(to: StreamName)
    case operate
  }

  /// The token that a request shows.
  struct Credential: Equatable, Sendable {
    let text: String
    /// Whether the token came in the query of the address.
    let isInQuery: Bool
  }

  /// The leave to do what a request asks for.
  struct Pass: Equatable {
    /// The token that the URIs of a playlist must carry: a player that came with a token in the query has no other way to
    /// show a token.
    var inQuery: Token?
  }

  /// The settings that name the tokens, and the cookie in which a browser keeps one.
  struct Source: Sendable {
    let single: SettingKey
    let file: SettingKey
    let cookie: String

    static let listeners = Source(single: .listenToken, file: .listenTokenFile, cookie: "ringcast")
    static let operators = Source(single: .adminToken, file: .adminTokenFile, cookie: "ringcast-admin")
  }

  /// A request is compared with every token; with more of them, that would take the better part of a millisecond.
  static let mostTokens = 1000

  private let source: Source
  /// The beginning of the cookie-pair that has a token.
  private let prefix: String
  private let single: Token?
  private let file: String?
  private let tokens: Mutex<[Token]>

  /// The gate of the listeners.
  convenience init(_ settings: AccessSettings) throws(InvalidInput) {
    try self.init(.listeners, single: settings.listenToken, file: settings.listenTokenFile)
  }

  /// Lets in every request that shows this token.
  convenience init(_ source: Source, only token: Token) {
    self.init(source, single: token, file: nil, tokens: [token])
  }

  convenience init(_ source: Source, single: Token?, file: String?) throws(InvalidInput) {
    let tokens = try Self.tokens(source, single, file)
    self.init(source, single: single, file: file, tokens: tokens)
  }

  /// The gate while its file cannot be opened: the single token alone lets in, until `reload` succeeds.
  convenience init(_ source: Source, single: Token?, waitingFor file: String) {
    self.init(source, single: single, file: file, tokens: single.map { [$0] } ?? [])
  }

  private init(_ source: Source, single: Token?, file: String?, tokens: [Token]) {
    self.source = source
    prefix = "\(source.cookie)="
    self.single = single
    self.file = file
    self.tokens = Mutex(tokens)
  }

  /// Reads the file again. Listeners who are connected stay so; their next request needs a token of the new file. If the
  /// file is invalid, the tokens stay as they were.
  func reload() throws(InvalidInput) {
    let read = try Self.tokens(source, single, file)
    tokens.withLock { $0 = read }
  }

  /// Whether a token is needed.
  var isClosed: Bool { single != nil || file != nil }

  /// The leave for a request to do something; nil where the request shows no valid token.
  func pass(for request: Request, to action: Action) -> Pass? {
    isClosed ? may(credential(of: request), action) : Pass()
  }

  /// The leave for the bearer of a credential to do something; nil without leave. Every token of a gate allows every action
  /// of that gate: a listener's token opens each stream.
  func may(_ credential: Credential?, _ action: Action) -> Pass? {
    guard isClosed else { return Pass() }
    guard let credential, let token = token(credential.text) else { return nil }
    return Pass(inQuery: credential.isInQuery ? token : nil)
  }

  /// The token of the query counts, even if that token is wrong and the cookie is right: somebody tries another token.
  func credential(of request: Request) -> Credential? {
    if let shown = request.query.first(where: { $0.name == "token" })?.value {
      return Credential(text: shown, isInQuery: true)
    }
    return (bearer(of: request) ?? cookie(of: request)).map { Credential(text: $0, isInQuery: false) }
  }

  /// The header fields with which a browser keeps the token that came in the query, so that no further address needs the
  /// token. The browser does not send the cookie with requests of other sites' pages, and hides the cookie from scripts
  /// (RFC 6265bis §5.7).
  /// - Parameter isSecure: whether a browser may be told to keep the token for encrypted connections only.
  func keeping(_ pass: Pass, isSecure: Bool) -> [(name: String, value: String)] {
    guard let token = pass.inQuery else { return [] }
    let rules = "Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    return [(name: "Set-Cookie", value: "\(source.cookie)=\(token.text); \(rules)")]
  }

  private func token(_ shown: String) -> Token? {
    let shown = Array(shown.utf8)
    // Every token is compared, so that the time does not tell which of them matches.
    return tokens.withLock { $0 }.reduce(nil) { found, token in token.matches(shown) ? token : found }
  }

  /// RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token; RFC 9110 §11.1: the scheme's name is case-insensitive.
  private func bearer(of request: Request) -> String? {
    guard let field = request.header("Authorization")?.utf8 else { return nil }
    let scheme = "bearer ".utf8
    guard field.starts(with: scheme, by: { $0 | 0x20 == $1 }) else { return nil }
    return String(Substring(field.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }))
  }

  /// RFC 6265 §4.2.1: cookie-string = cookie-pair *( ";" SP cookie-pair )
  private func cookie(of request: Request) -> String? {
    guard let field = request.header("Cookie") else { return nil }
    var rest = Substring(field).utf8
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
      let pair = rest[..<end].drop { $0 == UInt8(ascii: " ") }
      if pair.starts(with: prefix.utf8) { return String(Substring(pair.dropFirst(prefix.utf8.count))) }
      rest = rest[end...].dropFirst()
    }
    return nil
  }

  private static func tokens(_ source: Source, _ single: Token?, _ file: String?) throws(InvalidInput) -> [Token] {
    guard let file else { return single.map { [$0] } ?? [] }
    func invalid(_ rule: String) -> InvalidInput { InvalidInput(source.file, file, SettingText(rule)) }
    let listed: [Token]
    do {
      listed = try Token.list(String(decoding: try File.read(file), as: UTF8.self))
    } catch let error as SystemError {
      throw invalid(error.reason)
    } catch let rule as InvalidInput.Rule {
      throw InvalidInput(source.file, file, rule.text)
    } catch {
      throw invalid("\(error)")
    }
    guard !listed.isEmpty else { throw invalid("it must hold a token") }
    guard listed.count <= mostTokens else { throw invalid("it must hold \(mostTokens) tokens at the most") }
    return listed + (single.map { [$0] } ?? [])
  }
}

extension Response {
  /// RFC 9110 §15.5.2: "The server generating a 401 response MUST send a WWW-Authenticate header field". The answer to a
  /// wrong token is the answer to none.
  static let unauthorized = text(
    401, "a token is needed\n", headers: [(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast\"")])
}
