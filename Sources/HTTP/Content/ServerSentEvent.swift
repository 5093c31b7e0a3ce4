import Core

/// An event for the `EventSource` of a page (WHATWG HTML standard, section 9.2 "Server-sent events"). Pure.
package struct ServerSentEvent: Sendable, Equatable {
  /// The name for `addEventListener`; nil is `message`. No line break.
  package var name: String?
  /// The text that the page gets. A line break of any kind (CRLF, LF, CR) arrives as LF.
  package var data: String
  /// The identifier that the page's browser sends in `Last-Event-ID` when it connects again; nil leaves the identifier
  /// of the event before. No line break and no U+0000, because a browser ignores an identifier with U+0000.
  package var id: String?
  /// The time after which a browser that lost its connection connects again; nil leaves the time as it is.
  package var retry: Duration?

  package init(name: String? = nil, data: String, id: String? = nil, retry: Duration? = nil) {
    self.name = name
    self.data = data
    self.id = id
    self.retry = retry
  }

  /// The event as it is sent.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    if let name { Self.append("event", Self.checked(name), to: &bytes) }
    for line in Self.lines(of: data) { Self.append("data", line, to: &bytes) }
    if let id { Self.append("id", Self.checked(id), to: &bytes) }
    if let retry { Self.append("retry", Array("\(max(0, retry.milliseconds))".utf8)[...], to: &bytes) }
    // "If the line is empty (a blank line)": "Dispatch the event, as defined below."
    return bytes + [10]
  }

  /// A block that no page sees: a line that begins with a colon is ignored. The standard advises one "every 15 seconds
  /// or so", because proxies close a connection on which nothing comes.
  static func comment(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines(of: text) { append("", line, to: &bytes) }
    return bytes + [10]
  }

  /// "If value starts with a U+0020 SPACE character, remove it from value": a value may begin with a space of its own.
  private static func append(_ field: String, _ value: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    bytes += field.utf8
    bytes += [UInt8(ascii: ":"), UInt8(ascii: " ")]
    bytes += value
    bytes.append(10)
  }

  private static func checked(_ value: String) -> ArraySlice<UInt8> {
    let bytes = Array(value.utf8)
    precondition(!bytes.contains { $0 == 10 || $0 == 13 || $0 == 0 }, "not a field of an event: \(value)")
    return bytes[...]
  }

  /// "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A
  /// LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character."
  private static func lines(of text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var (lines, start, place) = ([ArraySlice<UInt8>](), 0, 0)
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      guard byte == 10 || byte == 13 else { continue }
      lines.append(bytes[start..<place - 1])
      if byte == 13, place < bytes.count, bytes[place] == 10 { place += 1 }
      start = place
    }
    lines.append(bytes[start...])
    return lines
  }
}
