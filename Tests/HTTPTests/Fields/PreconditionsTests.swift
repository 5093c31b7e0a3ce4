import Testing

@testable import HTTP

@Suite struct PreconditionsTests {
  private static let modified = 784_111_777
  private static let (before, same, after) = (
    "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:38 GMT"
  )
  private static let preconditions = Preconditions(entityTag: EntityTag(opaque: "now"), lastModified: modified)

  private static func outcome(_ headers: (String, String)...) -> Preconditions.Outcome {
    let request = Request(method: .get, path: "/", headers: headers.map { (name: $0.0, value: $0.1) })
    return preconditions.outcome(request, now: 1_795_000_000)
  }

  @Test(arguments: ["\"now\"", "W/\"now\"", "\"old\", \"now\"", "W/\"x\" ,, W/\"now\"", "*"])
  func `a known tag gets 304`(field: String) {
    #expect(Self.outcome(("If-None-Match", field)) == .notModified)
  }

  @Test(arguments: ["\"old\"", "\"now-gzip\"", "now", "\"now", "", "\"*\"", "\"NOW\""])
  func `an unknown tag proceeds`(field: String) {
    #expect(Self.outcome(("If-None-Match", field)) == .proceed)
  }

  @Test func `dates compare by the second`() {
    #expect(Self.outcome(("If-Modified-Since", Self.before)) == .proceed)
    #expect(Self.outcome(("If-Modified-Since", Self.same)) == .notModified)
    #expect(Self.outcome(("If-Modified-Since", Self.after)) == .notModified)
    #expect(Self.outcome(("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT")) == .notModified)
    #expect(Self.outcome(("If-Unmodified-Since", Self.before)) == .failed)
    #expect(Self.outcome(("If-Unmodified-Since", Self.same)) == .proceed)
    #expect(Self.outcome(("If-Unmodified-Since", Self.after)) == .proceed)
  }

  /// RFC 9110 §13.1.3: "A recipient MUST ignore the If-Modified-Since header field if the received field value is not a
  /// valid HTTP-date, the field value has more than one member".
  @Test func `a malformed date is ignored`() {
    #expect(Self.outcome(("If-Modified-Since", "yesterday")) == .proceed)
    #expect(Self.outcome(("If-Modified-Since", Self.after), ("If-Modified-Since", Self.after)) == .proceed)
    #expect(Self.outcome(("If-Unmodified-Since", "yesterday")) == .proceed)
  }

  @Test func `a date in the future is ignored`() {
    #expect(Self.outcome(("If-Modified-Since", "Wed, 18 Nov 2026 11:06:41 GMT")) == .proceed)
    #expect(Self.outcome(("If-Modified-Since", "Wed, 18 Nov 2026 11:06:40 GMT")) == .notModified)
  }

  /// §13.2.2
  @Test func `tags are evaluated before dates`() {
    #expect(Self.outcome(("If-None-Match", "\"old\""), ("If-Modified-Since", Self.after)) == .proceed)
    #expect(Self.outcome(("If-None-Match", "\"now\""), ("If-Modified-Since", Self.before)) == .notModified)
    #expect(Self.outcome(("If-Match", "\"now\""), ("If-Unmodified-Since", Self.before)) == .proceed)
    #expect(Self.outcome(("If-Match", "\"old\""), ("If-None-Match", "\"now\"")) == .failed)
    #expect(Self.outcome(("If-Match", "\"now\""), ("If-None-Match", "\"now\"")) == .notModified)
  }

  @Test func `If-Match compares strongly`() {
    #expect(Self.outcome(("If-Match", "*")) == .proceed)
    #expect(Self.outcome(("If-Match", "\"old\", \"now\"")) == .proceed)
    #expect(Self.outcome(("If-Match", "W/\"now\"")) == .failed)
    #expect(Self.outcome(("If-Match", "now")) == .failed)
  }

  @Test(arguments: [
    (nil, true), ("\"now\"", true), ("W/\"now\"", false), ("\"old\"", false), ("\"now\", \"old\"", false), ("*", false),
    (same, false), ("", false),
  ])
  func `If-Range holds for the strong tag only`(field: String?, holds: Bool) {
    let request = Request(method: .get, path: "/", headers: field.map { [("If-Range", $0)] } ?? [])
    #expect(Self.preconditions.rangeApplies(request) == holds)
  }
}
