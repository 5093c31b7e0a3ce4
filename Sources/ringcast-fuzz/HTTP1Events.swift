@testable import HTTP

/// The events of a machine for HTTP/1.1, as text. All content that the machine offers is read.
struct HTTP1Events {
  private(set) var events: [String] = []
  private var content: [UInt8] = []

  /// - Parameter size: the length of the pieces in which the bytes come.
  init(_ bytes: [UInt8], by size: Int) {
    var (machine, fields) = (HTTP1Machine(), HeaderFields())
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { piece in
        var input = piece
        while let event = machine.next(&input, fields: &fields) { note(event, of: &machine) }
        precondition(input.isEmpty)
      }
    }
    if let event = machine.inputEnded() { note(event, of: &machine) }
    events.append("rest \(content)")
  }

  private mutating func note(_ event: HTTP1Machine.Event, of machine: inout HTTP1Machine) {
    switch event {
    case .head(let head):
      events.append("\(head.method) \(Array(head.target)) \(head.version) \(head.keepsConnection)")
      switch head.verdict {
      case .acceptedWithContent(_, let length): machine.expect(length.map { .length($0) } ?? .chunked)
      case .accepted(let request) where request.method == .other("SOURCE"): machine.expect(.untilEnd)
      case .accepted: break
      case .answered(let response):
        precondition((200..<600).contains(response.status))
        machine.end()
      }
    case .content(let bytes): content += bytes
    case .contentEnd:
      events.append("content \(content)")
      content = []
    case .refused(let response, _): events.append("refused \(response.status)")
    }
  }
}
