/// A step in the arrival of a response, whatever the version of HTTP.
enum ResponseEvent: Equatable {
  /// The header section is complete.
  case head(status: Int)
  /// Content without its framing; valid as long as the input.
  case body(UnsafeRawBufferPointer)
  /// The response is complete. `reusable` tells whether the connection may be used again.
  case end(reusable: Bool)
  /// The server has broken off the response.
  case reset
  case malformed

  static func == (left: ResponseEvent, right: ResponseEvent) -> Bool {
    switch (left, right) {
    case (.head(let a), .head(let b)): a == b
    case (.body(let a), .body(let b)): a.elementsEqual(b)
    case (.end(let a), .end(let b)): a == b
    case (.reset, .reset), (.malformed, .malformed): true
    default: false
    }
  }
}
