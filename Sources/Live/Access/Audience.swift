/// The caches that may keep an answer, and the other sites' pages that may read it.
struct Audience: Sendable {
  /// In Cache-Control.
  enum Caches: String {
    case all = "public"
    /// RFC 9111 §5.2.2.7: "a shared cache MUST NOT store the response".
    case own = "private"
  }

  let caches: Caches
  /// The header fields by which other sites' pages may read each answer.
  let crossOrigin: [(name: String, value: String)]

  init(caches: Caches, crossOrigin: [(name: String, value: String)]) {
    (self.caches, self.crossOrigin) = (caches, crossOrigin)
  }

  /// Cache-Control of an answer that a client asks for again each time. A shared cache asks once in this many seconds,
  /// however many listeners it has. RFC 9111 §5.2.2.10: s-maxage "overrides the maximum age specified by … the max-age
  /// directive" there, and forbids the cache to hand on an older answer.
  func anew(sharedFor seconds: Int) -> String {
    caches == .all ? "public, max-age=0, s-maxage=\(seconds)" : "private, no-cache"
  }

  /// Cache-Control of an answer whose URL never means anything else (RFC 8246).
  var unlimited: String { "\(caches.rawValue), max-age=31536000, immutable" }

  /// The header fields of every answer.
  var headers: [(name: String, value: String)] {
    crossOrigin + (caches == .all ? [] : [(name: "Vary", value: "Authorization, Cookie")])
  }
}
