import CMicroHTTPD
import Glibc

/// A request's header fields, read where they lie in the connection's memory, and whether that is all that lies there.
///
/// libmicrohttpd 0.9.75 ends a value at a NUL, the section at a line that begins with a NUL or a colon, and adds a folded
/// line to the name of the field before it. What it passes over another reader may see, and take for a request's length
/// (RFC 9112 §11.2); so nothing may lie between the lines but their ends.
struct HeaderSection {
  private(set) var fields = HeaderFields()
  private(set) var isWhole = true
  /// Up to where it was read.
  private var end: UnsafePointer<CChar>

  /// - Parameters:
  ///   - start: of the request line, which is the first in memory.
  ///   - lineEnd: of the request line.
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

  /// Line ends, colons and NULs have become NULs.
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
