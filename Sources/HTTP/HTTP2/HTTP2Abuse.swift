/// A reason to end an HTTP/2 connection because of its client.
enum HTTP2Abuse: String, CaseIterable, Sendable {
  /// Streams reset by the client (CVE-2023-44487), or by this side because of the client's errors (CVE-2025-8671).
  case resets
  /// CONTINUATION frames in one header section (CVE-2024-28182).
  case continuations
  /// SETTINGS frames (CVE-2019-9515).
  case settings
  /// PING frames (CVE-2019-9512).
  case pings
  /// DATA frames without content that do not end a stream (CVE-2019-9518).
  case emptyFrames
  /// PRIORITY and PRIORITY_UPDATE frames (CVE-2019-9513).
  case priorities
  /// WINDOW_UPDATE frames that the content sent does not explain (CVE-2019-9511).
  case windowUpdates
  /// Frames of types that this server does not use.
  case otherFrames
  /// A header section that is short on the wire and huge when decoded.
  case headerBomb
  /// Frames that this side must send, because the client causes them and does not read them.
  case queue
  /// The client makes libnghttp2 need more memory than the limit.
  case memory
  /// A connection error (RFC 9113 §5.4.1).
  case violation
}
