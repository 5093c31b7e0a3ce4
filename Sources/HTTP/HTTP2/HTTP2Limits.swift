/// The limits of one HTTP/2 connection.
struct HTTP2Limits: Sendable {
  /// Requests that are open at the same time (SETTINGS_MAX_CONCURRENT_STREAMS).
  var streams = 100
  /// Bytes of a request's header section. RFC 9113 §6.5.2: "The value is based on the uncompressed size of field lines,
  /// including the length of the name and value in units of octets plus an overhead of 32 octets for each field line."
  var head = 65_536
  /// Bytes that libnghttp2 may allocate.
  var memory = 524_288
  /// Frames that wait to be sent.
  var queue = 1000
}
