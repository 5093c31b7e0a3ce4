/// The conditions of a request on the representation it selects (RFC 9110 §13).
struct Preconditions {
  enum Outcome: Equatable {
    case proceed
    /// 304
    case notModified
    /// 412
    case failed
  }

  /// The tag of the selected representation.
  let entityTag: EntityTag
  /// Unix time in seconds.
  let lastModified: Int

  /// §13.2.2: "A recipient cache or origin server MUST evaluate the request preconditions defined by this specification
  /// in the following order".
  func outcome(_ request: Request, now: @autoclosure () -> Int) -> Outcome {
    if let field = request.header("If-Match") {
      // §13.1.1: "An origin server MUST use the strong comparison function when comparing entity tags for If-Match".
      guard field == "*" || EntityTag.list(field).contains(where: entityTag.matchesStrongly) else { return .failed }
    } else if let date = request.header("If-Unmodified-Since").flatMap({ HTTPDate.seconds($0, now: now()) }) {
      guard lastModified <= date else { return .failed }
    }
    if let field = request.header("If-None-Match") {
      // §13.1.2: "A recipient MUST use the weak comparison function when comparing entity tags for If-None-Match".
      let isKnown = field == "*" || EntityTag.list(field).contains(where: entityTag.matchesWeakly)
      return isKnown ? .notModified : .proceed
    }
    // §13.1.3: "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match header field".
    // A date in the future comes from a clock that was set back since. It says nothing about changes.
    if let date = request.header("If-Modified-Since").flatMap({ HTTPDate.seconds($0, now: now()) }), date <= now() {
      return lastModified <= date ? .notModified : .proceed
    }
    return .proceed
  }

  /// §13.1.5: "A recipient of an If-Range header field MUST ignore the Range header field if the If-Range condition
  /// evaluates to false."
  func rangeApplies(_ request: Request) -> Bool {
    guard let field = request.header("If-Range") else { return true }
    // "If the HTTP-date validator provided is not a strong validator … the condition is false": no date is a
    // strong one here, because a representation may change twice in a second (§8.8.2.2).
    let tags = EntityTag.list(field)
    return tags.count == 1 && entityTag.matchesStrongly(tags[0])
  }
}
