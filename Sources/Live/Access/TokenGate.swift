import HTTP
import Synchronization
import System

/// Who is let in, as a listener or as an operator: everybody, or whoever shows a token.
final class TokenGate: Sendable {
  /// How a request came in.
  struct Pass: Equatable {
    /// What the URIs of a playlist must carry on: a player that came with a token in the query has nothing else to show.
    var inQuery: Token?
  }

  /// More would make each request a matter of a millisecond, because all of them are compared.
  static let mostTokens = 1000

  /// How messages name where the tokens come from.
  private let flag: String
  /// What the page has a browser keep.
  private let cookie: String
  private let single: Token?
  private let file: String?
  private let tokens: Mutex<[Token]>

  /// Who may listen.
  convenience init(_ configuration: Configuration) throws(Configuration.Conflict) {
    try self.init(
      "--listen-token", cookie: "ringcast", single: configuration.listenToken, file: configuration.listenTokenFile)
  }

  /// Lets in whoever shows one token, which no flag has set.
  init(_ token: Token, cookie: String) {
    (flag, self.cookie, single, file) = ("", cookie, token, nil)
    tokens = Mutex([token])
  }

  init(_ flag: String, cookie: String, single: Token?, file: String?) throws(Configuration.Conflict) {
    (self.flag, self.cookie, self.single, self.file) = (flag, cookie, single, file)
    tokens = Mutex(try Self.tokens(flag, single, file))
  }

  /// Reads the file again; those who are in are asked at their next request. Where it is no good, all stays as it was.
  func reload() throws(Configuration.Conflict) {
    let read = try Self.tokens(flag, single, file)
    tokens.withLock { $0 = read }
  }

  /// Whether a token is needed.
  var isClosed: Bool { single != nil || file != nil }

  /// Nil where the request shows no token that is good.
  func pass(for request: Request) -> Pass? {
    guard isClosed else { return Pass() }
    // What the query says counts, even if it is wrong and the cookie is right: somebody tries another one.
    if let shown = request.query.first(where: { $0.name == "token" })?.value {
      return token(shown).map { Pass(inQuery: $0) }
    }
    return (bearer(of: request) ?? cookie(of: request)).flatMap(token).map { _ in Pass() }
  }

  /// Has a browser keep the token that came in the query, so that it need not be in any address again. Not sent along
  /// with what other sites' pages ask for, and not shown to scripts (RFC 6265bis §5.7).
  /// - Parameter isSecure: whether a browser may be told to keep it for encrypted connections only.
  func keeping(_ pass: Pass, isSecure: Bool) -> [(name: String, value: String)] {
    guard let token = pass.inQuery else { return [] }
    let rules = "Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    return [(name: "Set-Cookie", value: "\(cookie)=\(token.text); \(rules)")]
  }

  private func token(_ shown: String) -> Token? {
    let shown = Array(shown.utf8)
    // All of them, lest the time it takes tells which.
    return tokens.withLock { $0 }.reduce(nil) { found, token in token.matches(shown) ? token : found }
  }

  /// RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token; RFC 9110 §11.1: the scheme's name is case-insensitive.
  private func bearer(of request: Request) -> String? {
    guard let field = request.header("Authorization"), field.lowercased().hasPrefix("bearer ") else { return nil }
    return String(field.dropFirst("bearer".count).drop { $0 == " " })
  }

  /// RFC 6265 §4.2.1: cookie-string = cookie-pair *( ";" SP cookie-pair )
  private func cookie(of request: Request) -> String? {
    let pairs = request.header("Cookie")?.split(separator: ";").map { $0.drop { $0 == " " } } ?? []
    let prefix = "\(cookie)="
    return pairs.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  private static func tokens(
    _ flag: String, _ single: Token?, _ file: String?
  ) throws(Configuration.Conflict) -> [Token] {
    guard let file else { return single.map { [$0] } ?? [] }
    func conflict(_ rule: String) -> Configuration.Conflict {
      Configuration.Conflict(description: "\(flag)-file \(file): \(rule)")
    }
    let listed: [Token]
    do {
      listed = try Token.list(String(decoding: try File.read(file), as: UTF8.self))
    } catch let error as FileError {
      throw conflict(error.reason)
    } catch {
      throw conflict("\(error)")
    }
    guard !listed.isEmpty else { throw conflict("it must hold a token") }
    guard listed.count <= mostTokens else { throw conflict("it must hold \(mostTokens) tokens at the most") }
    return listed + (single.map { [$0] } ?? [])
  }
}

extension Response {
  /// RFC 9110 §15.5.2: "The server generating a 401 response MUST send a WWW-Authenticate header field". It does not tell
  /// a wrong token from none.
  static let unauthorized = text(
    401, "a token is needed\n", headers: [(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast\"")])
}

/// Who may keep an answer and hand it on, and whose pages may read it.
struct Audience: Sendable {
  /// In Cache-Control.
  enum Caches: String {
    case all = "public"
    /// RFC 9111 §5.2.2.7: "a shared cache MUST NOT store the response".
    case own = "private"
  }

  let caches: Caches
  /// By which other sites' pages may read each answer.
  let crossOrigin: [(name: String, value: String)]

  init(caches: Caches, crossOrigin: [(name: String, value: String)]) {
    (self.caches, self.crossOrigin) = (caches, crossOrigin)
  }

  /// Cache-Control of what is asked for anew each time. However many listen behind a shared cache, it asks once in so
  /// many seconds. RFC 9111 §5.2.2.10: s-maxage "overrides the maximum age specified by … the max-age directive" there,
  /// and forbids it to hand on what is older.
  func anew(sharedFor seconds: Int) -> String {
    caches == .all ? "public, max-age=0, s-maxage=\(seconds)" : "private, no-cache"
  }

  /// Of every answer.
  var headers: [(name: String, value: String)] {
    crossOrigin + (caches == .all ? [] : [(name: "Vary", value: "Authorization, Cookie")])
  }
}
