package import HTTP

/// Sends each message of its client back. A text that begins with "!" is an order:
///
///     !close 4000 why        closes with this code and reason
///     !levels 100 1000       sends 100 messages that may be dropped: a number and 1000 stars
///     !orders 100 1000       the same, of a kind that must not be dropped
///     !closed                sends the code and the reason with which the client before on this path was closed
package final class Echo: WebSocketHandler {
  private static let echoes = WebSocketMessageKind(number: 1, overflow: .disconnect)
  private static let levels = WebSocketMessageKind(number: 2, overflow: .dropOldest)

  private let webSocket: WebSocket
  private let record: ClosedRecord

  init(_ webSocket: WebSocket, record: ClosedRecord) {
    self.webSocket = webSocket
    self.record = record
  }

  package func received(_ message: WebSocketMessage) {
    switch message {
    case .text(let text) where text.hasPrefix("!"): obey(text.split(separator: " ", maxSplits: 2).map(String.init))
    case .text(let text): webSocket.send(.text(text), kind: Self.echoes)
    case .binary(let bytes): webSocket.send(.binary(bytes), kind: Self.echoes)
    }
  }

  package func closed(_ code: WebSocketCloseCode, reason: String) {
    record.note("\(code.rawValue) \(reason)")
  }

  private func obey(_ words: [String]) {
    switch (words[0], words.count) {
    case ("!close", 3): webSocket.close(WebSocketCloseCode(rawValue: UInt16(words[1]) ?? 1000), reason: words[2])
    case ("!levels", 3): send(words, kind: Self.levels)
    case ("!orders", 3): send(words, kind: Self.echoes)
    case ("!closed", 1): webSocket.send(.text(record.latest), kind: Self.echoes)
    default: webSocket.close(.policyViolation, reason: "unknown order")
    }
  }

  private func send(_ words: [String], kind: WebSocketMessageKind) {
    guard let count = Int(words[1]), let size = Int(words[2]) else { return }
    let stars = String(decoding: Array(repeating: UInt8(ascii: "*"), count: size), as: UTF8.self)
    for number in 1...count { webSocket.send(.text("\(number) \(stars)"), kind: kind) }
  }
}
