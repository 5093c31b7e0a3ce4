import CMicroHTTPD
import Glibc

/// The header fields of a request, read from the connection's memory, and a check that this memory holds nothing else.
///
/// libmicrohttpd 0.9.75 ends a value at a NUL, ends the section at a line that begins with a NUL or a colon, and appends a
/// folded line to the name of the field before it. Another reader may see the bytes that libmicrohttpd skips, and read a
/// request's length from them (RFC 9112 §11.2). So only line ends are allowed between the lines.
struct HeaderSection {
  private(set) var fields = HeaderFields()
  private(set) var isWhole = true
  /// The end of the bytes read so far.
  private var end: UnsafePointer<CChar>

  /// - Parameters:
  ///   - start: the start of the request line, which comes first in memory.
  ///   - lineEnd: the end of the request line.
  init(of connection: OpaquePointer, from start: UnsafePointer<CChar>, after lineEnd: UnsafePointer<CChar>) {
    end = lineEnd
    withUnsafeMutablePointer(to: &self) { _ = MHD_get_connection_values_n(connection, .HEADER_KIND, appendField, $0) }
    if isWhole { skip(to: start + mhd_head_size(connection)) }
  }

  fileprivate mutating func append(_ name: UnsafeBufferPointer<CChar>, _ value: UnsafeBufferPointer<CChar>) {
    fields.append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer(value))
    guard isWhole, let nameStart = name.baseAddress, let valueStart = value.baseAddress else {
      isWhole = false
      return
    }
    skip(to: nameStart)
    end = nameStart + name.count
    skip(to: valueStart)
    end = valueStart + value.count
  }

  /// libmicrohttpd has replaced line ends and colons by NULs.
  private mutating func skip(to next: UnsafePointer<CChar>) {
    isWhole = isWhole && next > end && UnsafeBufferPointer(start: end, count: next - end).allSatisfy { isBlank($0) }
  }
}

private func isBlank(_ character: CChar) -> Bool {
  switch UInt8(bitPattern: character) {
  case 0, UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "): true
  default: false
  }
}

private func appendField(
  _ section: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameLength: Int,
  _ value: UnsafePointer<CChar>?, _ valueLength: Int
) -> MHD_Result {
  section!.assumingMemoryBound(to: HeaderSection.self).pointee.append(
    UnsafeBufferPointer(start: name, count: nameLength), UnsafeBufferPointer(start: value, count: valueLength))
  return .YES
}
