import CNGHTTP2

/// The header section of an answer, in the form that libnghttp2 takes.
struct ResponseFields {
  /// RFC 9113 §8.2.2: "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields."
  private static let connectionSpecific = [
    "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
  ]

  private var bytes: [UInt8] = []
  private var fields: [(name: Range<Int>, value: Range<Int>)] = []

  init(status: Int, headers: [(name: String, value: String)] = []) {
    bytes.reserveCapacity(512)
    fields.reserveCapacity(headers.count + 1)
    append(name: ":status", value: String(status))
    for field in headers where !Self.connectionSpecific.contains(where: field.name.equalsIgnoringCase) {
      append(name: field.name, value: field.value)
    }
  }

  /// RFC 9113 §8.2.1: "Field names MUST be converted to lowercase when constructing an HTTP/2 message."
  private mutating func append(name: String, value: String) {
    let start = bytes.count
    bytes.append(contentsOf: name.utf8.lazy.map(\.lowercased))
    let middle = bytes.count
    bytes.append(contentsOf: value.utf8)
    fields.append((start..<middle, middle..<bytes.count))
  }

  /// - Parameter body: called with a list that is valid during the call.
  mutating func withList<Result>(_ body: (UnsafeMutableBufferPointer<nghttp2_nv>) -> Result) -> Result {
    bytes.withUnsafeMutableBufferPointer { bytes in
      let start = bytes.baseAddress!
      var list = fields.map { field in
        nghttp2_nv(
          name: start + field.name.lowerBound, value: start + field.value.lowerBound, namelen: field.name.count,
          valuelen: field.value.count, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
      }
      return list.withUnsafeMutableBufferPointer { body($0) }
    }
  }
}
