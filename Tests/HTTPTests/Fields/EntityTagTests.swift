import Testing

@testable import HTTP

@Suite struct EntityTagTests {
  /// RFC 9110 §8.8.3.2, table 3.
  @Test(arguments: [
    ("W/\"1\"", "W/\"1\"", false, true), ("W/\"1\"", "W/\"2\"", false, false), ("W/\"1\"", "\"1\"", false, true),
    ("\"1\"", "\"1\"", true, true),
  ])
  func `tags compare as in the table of the RFC`(one: String, other: String, strong: Bool, weak: Bool) throws {
    let (one, other) = (try #require(EntityTag.list(one).first), try #require(EntityTag.list(other).first))
    #expect(one.matchesStrongly(other) == strong)
    #expect(other.matchesStrongly(one) == strong)
    #expect(one.matchesWeakly(other) == weak)
  }

  /// The examples of §8.8.3 and §13.1.2.
  @Test(arguments: [
    ("\"xyzzy\"", ["\"xyzzy\""]), ("W/\"xyzzy\"", ["W/\"xyzzy\""]), ("\"\"", ["\"\""]),
    ("\"xyzzy\", \"r2d2xxxx\", \"c3piozzzz\"", ["\"xyzzy\"", "\"r2d2xxxx\"", "\"c3piozzzz\""]),
    ("W/\"xyzzy\", W/\"r2d2xxxx\", W/\"c3piozzzz\"", ["W/\"xyzzy\"", "W/\"r2d2xxxx\"", "W/\"c3piozzzz\""]),
    (" ,\"a\" ,,\t\"b\",", ["\"a\"", "\"b\""]), ("\"a,b\", \"c\"", ["\"a,b\"", "\"c\""]), ("\"å\"", ["\"å\""]),
    ("", []),
  ])
  func `a list is read and written the same`(field: String, tags: [String]) {
    #expect(EntityTag.list(field).map(\.text) == tags)
  }

  @Test(arguments: [
    "xyzzy", "\"a", "w/\"a\"", "\"a\" \"b\"", "\"a\", b", "W/", "W/ \"a\"", "\"a b\"", "*", "\"a\"x", "\"\u{7F}\"",
  ])
  func `a malformed list has no tags`(field: String) {
    #expect(EntityTag.list(field).isEmpty)
  }

  @Test func `the tag of a content is strong, stable and unique to it`() {
    let tag = EntityTag(of: Array("foobar".utf8))
    // The FNV-1a test vector of "foobar".
    #expect(tag.text == "\"85944171f73967e8-6\"")
    #expect(EntityTag(of: []).text == "\"cbf29ce484222325-0\"")
    #expect(EntityTag(of: Array("foobas".utf8)) != tag)
  }
}
