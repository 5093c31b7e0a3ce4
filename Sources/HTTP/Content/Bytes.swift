/// Immutable bytes at a constant address, shared without a copy.
///
/// Sendable: only the initialiser writes the memory, and only `deinit` frees it.
package final class Bytes: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer

  package init(_ array: [UInt8]) {
    memory = .allocate(byteCount: array.count, alignment: 1)
    memory.copyBytes(from: array)
  }

  /// Fills new memory without another copy.
  /// - Parameter fill: returns false where the bytes do not come.
  /// - Throws: the error of `fill`.
  /// - Returns: nil where the bytes do not come.
  package init?<Failure: Error>(
    count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Bool
  ) throws(Failure) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    do throws(Failure) {
      guard try fill(memory) else {
        memory.deallocate()
        return nil
      }
    } catch {
      memory.deallocate()
      throw error
    }
    self.memory = memory
  }

  deinit {
    memory.deallocate()
  }

  package var count: Int { memory.count }

  /// The pointer is valid as long as this object lives.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(memory))
  }

  /// A run of bytes of one `Bytes`.
  package struct Slice: Sendable {
    package let bytes: Bytes
    package let range: Range<Int>

    package init(_ bytes: Bytes, _ range: Range<Int>) {
      precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a slice lies within its bytes")
      self.bytes = bytes
      self.range = range
    }

    package init(_ array: [UInt8]) {
      self.init(Bytes(array), 0..<array.count)
    }
  }
}
