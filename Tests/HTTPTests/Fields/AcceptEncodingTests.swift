import Testing

@testable import HTTP

@Suite struct AcceptEncodingTests {
  /// The examples of RFC 9110 §12.5.3.
  @Test(
    arguments: [
      ("compress, gzip", .gzip), ("", .identity), ("*", .gzip), ("compress;q=0.5, gzip;q=1.0", .gzip),
      ("gzip;q=1.0, identity; q=0.5, *;q=0", .gzip),
    ] as [(String, AcceptEncoding.Choice)])
  func `the examples of the RFC`(field: String, choice: AcceptEncoding.Choice) {
    #expect(AcceptEncoding.choice(field) == choice)
  }

  @Test func `without the field the content is plain`() {
    #expect(AcceptEncoding.choice(nil) == .identity)
  }

  @Test(
    arguments: [
      // Chromium's page, its media element, Firefox, curl, ffmpeg.
      ("gzip, deflate, br, zstd", .gzip), ("identity;q=1, *;q=0", .identity), ("gzip, identity;q=1, *;q=0", .gzip),
      ("gzip, deflate", .gzip), ("deflate, br", .identity), ("identity", .identity),
    ] as [(String, AcceptEncoding.Choice)])
  func `the fields that real clients send`(field: String, choice: AcceptEncoding.Choice) {
    #expect(AcceptEncoding.choice(field) == choice)
  }

  @Test(
    arguments: [
      ("gzip;q=0", .identity), ("gzip;q=0.000", .identity), ("gzip;q=0, *", .identity), ("gzip;q=0, *;q=1", .identity),
      ("gzip;q=0.001", .gzip), ("*;q=0.1", .gzip), ("gzip;q=0.5, identity;q=0.6", .identity),
      ("identity;q=0.5, gzip;q=0.5", .gzip),
      ("identity;q=0.5, *;q=0.4", .identity), ("br, *;q=0", .neither), ("identity;q=0", .neither), ("*;q=0", .neither),
      ("gzip;q=0, identity;q=0", .neither), ("identity;q=0, *;q=1", .gzip), ("*;q=0, identity;q=0.001", .identity),
      ("*;q=0, gzip;q=0.001", .gzip), ("br;q=1, identity;q=0", .neither),
    ] as [(String, AcceptEncoding.Choice)])
  func `weights are obeyed`(field: String, choice: AcceptEncoding.Choice) {
    #expect(AcceptEncoding.choice(field) == choice)
  }

  /// §8.4.1: "All content codings are case-insensitive". §8.4.1.3: x-gzip. §12.4.2: weight = OWS ";" OWS "q=" qvalue.
  @Test(
    arguments: [
      ("GZIP", .gzip), ("x-gzip", .gzip), ("X-GZip;q=1", .gzip), (" gzip ; Q=1.000 ", .gzip), (",,gzip,", .gzip),
      ("gzip\t;\tq=0", .identity),
    ] as [(String, AcceptEncoding.Choice)])
  func `every form that the grammar allows is read`(field: String, choice: AcceptEncoding.Choice) {
    #expect(AcceptEncoding.choice(field) == choice)
  }

  @Test(arguments: [
    "gzip;q=1.001", "gzip;q=2", "gzip;q=", "gzip;q=0.0001", "gzip;q=.5", "gzip;q=-1", "gzip;q", "gzip;level=9",
    "gzip;q=1;q=0",
    "gzip;q=1.0x", "gz ip", "gzip;", ";q=1", "gzipped", "\"gzip\"", "gzip;q=0x1", "gzip;q=10",
    "gzip;q=0 5",
  ])
  func `a malformed element is ignored`(field: String) {
    #expect(AcceptEncoding.choice(field) == .identity)
  }
}
