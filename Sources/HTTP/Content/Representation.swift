import Glibc

/// The content of a resource at one moment, and the answer to every request for it (RFC 9110 §3.2). Immutable.
package struct Representation: Sendable {
  private var identity: Variant
  private var gzip: Variant?
  private let lastModified: Int
  private let ranges: Bool
  private let headers: [(name: String, value: String)]

  /// The features of the answers.
  package struct Features: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// Range is answered; otherwise it is ignored. A range counts the bytes of the plain content.
    package static let ranges = Features(rawValue: 1)
    /// A gzipped variant is offered too.
    package static let compressed = Features(rawValue: 2)
  }

  /// The fields by which a client asks whether its copy is still right (RFC 9110 §8.8).
  package struct Validators: Sendable {
    /// Unix time, seconds.
    let lastModified: Int
    /// Strong, without quotes; a hash of the content if nil.
    let entityTag: String?

    package init(lastModified: Int, entityTag: String? = nil) {
      self.lastModified = lastModified
      self.entityTag = entityTag
    }
  }

  /// - Parameters:
  ///   - headers: header fields of every answer, errors too. With `CORS.headers` among them, preflights are answered.
  package init(
    _ body: [UInt8], contentType: String, cacheControl: String, validators: Validators, features: Features = [],
    headers: [(name: String, value: String)] = []
  ) {
    let (lastModified, ranges) = (validators.lastModified, features.contains(.ranges))
    let compressed = features.contains(.compressed)
    let tag = validators.entityTag.map { EntityTag(opaque: $0) } ?? EntityTag(of: body)
    var common = [(name: "Cache-Control", value: cacheControl)]
    // §12.5.5: "An origin server SHOULD generate a Vary header field on a cacheable response when it wishes that
    // response to be selectively reused for subsequent requests."
    if compressed { common.append((name: "Vary", value: "Accept-Encoding")) }
    common += headers
    identity = Variant(
      body, contentType: contentType, entityTag: tag, lastModified: lastModified, headers: common,
      metadata: ranges ? [(name: "Accept-Ranges", value: "bytes")] : [])
    // §8.8.3.3: the variants of one resource by content coding have different entity tags.
    gzip =
      !compressed
      ? nil
      : Variant(
        Gzip.compressed(body), contentType: contentType, entityTag: EntityTag(opaque: "\(tag.opaque)-gzip"),
        lastModified: lastModified, headers: common, metadata: [(name: "Content-Encoding", value: "gzip")])
    self.lastModified = lastModified
    self.ranges = ranges
    self.headers = headers
  }

  /// The same content, for caches that obey another Cache-Control. The content is shared, not copied.
  package func cached(by cacheControl: String) -> Representation {
    var other = self
    (other.identity, other.gzip) = (identity.cached(by: cacheControl), gzip?.cached(by: cacheControl))
    return other
  }

  /// Bytes of the plain content.
  package var length: Int { identity.length }

  /// The plain content, for an answer that has a part of it.
  package var bytes: Bytes { identity.bytes }

  package func response(to request: Request) -> Response {
    response(to: request, now: Int(time(nil)))
  }

  /// - Parameter now: Unix time in seconds; read only for a date with a two-digit year.
  func response(to request: Request, now: @autoclosure () -> Int) -> Response {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options:
      return headers.contains { $0.name == "Access-Control-Allow-Origin" } ? CORS.preflight : .options
    case .get, .head: break
    }

    // §14.2: "GET is the only method for which range handling is defined."
    let range = ranges && request.method == .get ? request.header("Range") : nil
    guard let variant = variant(for: request, ranged: range != nil) else {
      return .text(406, "offered plain and gzip\n", headers: headers)
    }
    let preconditions = Preconditions(entityTag: variant.entityTag, lastModified: lastModified)
    switch preconditions.outcome(request, now: now()) {
    case .failed: return .text(412, "precondition failed\n", headers: headers)
    case .notModified: return variant.notModified
    case .proceed: break
    }
    // §14.2: "The Range header field is evaluated after evaluating the precondition header fields".
    guard let range, preconditions.rangeApplies(request) else { return variant.whole }
    return variant.answer(ByteRange.parse(range, length: variant.length), headers: headers)
  }

  /// The answer to a request that would change the resource, if the preconditions of the request are false for this
  /// representation; nil where they hold. RFC 9110 §13.2.1: "A server MUST … evaluate … the received request preconditions
  /// after it has successfully performed its normal request checks and just before it would process the request content".
  package func refusal(ofChangeBy request: Request) -> Response? {
    let preconditions = Preconditions(entityTag: identity.entityTag, lastModified: lastModified)
    // §13.1.2: "… respond with … b) the 412 (Precondition Failed) status code for all other request methods", other than
    // GET and HEAD. §13.1.3: If-Modified-Since is ignored for these.
    let isForbidden =
      switch preconditions.outcome(request, now: Int(time(nil))) {
      case .proceed: false
      case .notModified: request.header("If-None-Match") != nil
      case .failed: true
      }
    return isForbidden ? .text(412, "precondition failed\n", headers: headers) : nil
  }

  /// Nil if the request accepts neither variant.
  private func variant(for request: Request, ranged: Bool) -> Variant? {
    guard let gzip, !ranged else { return identity }
    return switch AcceptEncoding.choice(request.header("Accept-Encoding")) {
    case .gzip: gzip
    case .identity: identity
    case .neither: nil
    }
  }
}
