import HTTP
import Testing

@Suite struct BytesTests {
  @Test func `the bytes stay at their address`() {
    let bytes = Bytes([1, 2, 3])
    let address = bytes.withUnsafeBytes(\.baseAddress)
    let slice = Bytes.Slice(bytes, 1..<3)
    #expect(bytes.count == 3)
    #expect(slice.bytes.withUnsafeBytes { Array($0[slice.range]) } == [2, 3])
    #expect(slice.bytes.withUnsafeBytes(\.baseAddress) == address)
  }

  @Test func `bytes are read into their place, or there are none`() {
    let bytes = Bytes(count: 3) { memory in
      memory.copyBytes(from: [1, 2, 3])
      return true
    }
    #expect(bytes?.withUnsafeBytes { Array($0) } == [1, 2, 3])
    #expect(Bytes(count: 3) { _ in false } == nil)
  }

  @Test func `no bytes are valid bytes`() {
    #expect(Bytes([]).count == 0)
    #expect(Bytes.Slice([]).range == 0..<0)
  }
}
