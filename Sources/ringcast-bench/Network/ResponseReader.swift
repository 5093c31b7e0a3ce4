/// Reads HTTP/1.1 responses (RFC 9112) from input that arrives in pieces of any size. It keeps only a line that is not
/// complete yet.
struct ResponseReader {
  typealias Event = ResponseEvent

  private enum State {
    case statusLine, fields
    case content(Int)
    case chunkSize
    case chunk(Int)
    case chunkEnd, trailer
    case untilClose
    case complete
  }

  private var state = State.statusLine
  private var line: [UInt8] = []
  private var status = 0
  private var length: Int?
  private var isChunked = false
  private var isReusable = true

  /// Whether a response has begun and is not complete.
  var isInside: Bool {
    if case .statusLine = state { return !line.isEmpty }
    return true
  }

  /// Takes the next event from `input`; nil if more input is needed.
  mutating func next(_ input: inout UnsafeRawBufferPointer) -> Event? {
    while true {
      switch state {
      case .content(let left):
        guard let piece = Self.take(left, of: &input) else { return nil }
        state = piece.count == left ? .complete : .content(left - piece.count)
        return .body(piece)
      case .chunk(let left):
        guard let piece = Self.take(left, of: &input) else { return nil }
        state = piece.count == left ? .chunkEnd : .chunk(left - piece.count)
        return .body(piece)
      case .untilClose:
        guard let piece = Self.take(.max, of: &input) else { return nil }
        return .body(piece)
      case .complete: return end()
      case .statusLine, .fields, .chunkSize, .chunkEnd, .trailer:
        guard let event = nextLine(&input, { $0.read($1) }) else { return nil }
        if let event { return event }
      }
    }
  }

  /// The event when the server closes the connection.
  mutating func closed() -> Event {
    if case .untilClose = state {
      isReusable = false
      return end()
    }
    return .malformed
  }

  private mutating func end() -> Event {
    let event = Event.end(reusable: isReusable)
    self = ResponseReader()
    return event
  }

  private static func take(_ count: Int, of input: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard !input.isEmpty else { return nil }
    let count = min(count, input.count)
    defer { input = UnsafeRawBufferPointer(rebasing: input[count...]) }
    return UnsafeRawBufferPointer(rebasing: input[..<count])
  }

  /// Passes one line without its end to `body`; nil if the line is not complete.
  private mutating func nextLine(
    _ input: inout UnsafeRawBufferPointer, _ body: (inout ResponseReader, UnsafeRawBufferPointer) -> Event?
  ) -> Event?? {
    guard let end = input.firstIndex(of: UInt8(ascii: "\n")) else {
      line += input
      input = UnsafeRawBufferPointer(start: nil, count: 0)
      return line.count > 16_384 ? .some(.malformed) : nil
    }
    let piece = UnsafeRawBufferPointer(rebasing: input[..<end])
    input = UnsafeRawBufferPointer(rebasing: input[(end + 1)...])
    guard !line.isEmpty else { return .some(body(&self, Self.withoutReturn(piece))) }
    let whole = line + piece
    line.removeAll()
    return .some(whole.withUnsafeBytes { body(&self, Self.withoutReturn($0)) })
  }

  private static func withoutReturn(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    line.last == UInt8(ascii: "\r") ? UnsafeRawBufferPointer(rebasing: line.dropLast()) : line
  }

  /// Takes one line; returns the event that it completes, if any.
  private mutating func read(_ line: UnsafeRawBufferPointer) -> Event? {
    switch state {
    case .statusLine:
      // RFC 9112 §4: status-line = HTTP-version SP status-code SP [ reason-phrase ]
      guard line.count >= 12, line.starts(with: "HTTP/1.".utf8), let code = Self.decimal(line[9..<12]) else {
        return .malformed
      }
      // RFC 9112 §9.3: HTTP/1.0 does not persist by default.
      status = code
      isReusable = line[7] != UInt8(ascii: "0")
      state = .fields
      return nil
    case .fields where line.isEmpty:
      state = isChunked ? .chunkSize : length.map { $0 > 0 ? .content($0) : .complete } ?? .untilClose
      if status == 204 || status == 304 { state = .complete }
      return .head(status: status)
    case .fields:
      if let value = Self.value(of: "content-length", in: line) {
        guard let length = Self.decimal(value) else { return .malformed }
        self.length = length
      } else if let value = Self.value(of: "transfer-encoding", in: line) {
        guard Self.equal(value, "chunked") else { return .malformed }
        isChunked = true
      } else if let value = Self.value(of: "connection", in: line), Self.equal(value, "close") {
        isReusable = false
      }
      return nil
    case .chunkSize:
      // RFC 9112 §7.1: chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
      let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
      guard let size = Self.hexadecimal(digits) else { return .malformed }
      state = size > 0 ? .chunk(size) : .trailer
      return nil
    case .chunkEnd:
      guard line.isEmpty else { return .malformed }
      state = .chunkSize
      return nil
    case .trailer:
      return line.isEmpty ? end() : nil
    default: return .malformed
    }
  }

  /// The value of a header field line with the lower-case name `name`; nil if it has another name.
  private static func value(of name: StaticString, in line: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer>? {
    let count = name.utf8CodeUnitCount
    guard line.count > count, line[count] == UInt8(ascii: ":"), equal(line[..<count], name) else { return nil }
    return line[(count + 1)...].drop { $0 == UInt8(ascii: " ") }
  }

  private static func equal(_ text: Slice<UnsafeRawBufferPointer>, _ name: StaticString) -> Bool {
    text.count == name.utf8CodeUnitCount
      && zip(text, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)).allSatisfy {
        $0 | 0x20 == $1 | 0x20
      }
  }

  private static func decimal(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static func hexadecimal(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard (1...8).contains(digits.count) else { return nil }
    var number = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: number = number << 4 | Int(digit - 0x30)
      case 0x41...0x46, 0x61...0x66: number = number << 4 | Int((digit | 0x20) - 0x61 + 10)
      default: return nil
      }
    }
    return number
  }
}
