import CZlib
import Testing

@testable import HTTP

@Suite struct GzipTests {
  @Test(arguments: [0, 1, 100, 70_000])
  func `compressed content is the same after decompression`(count: Int) {
    var random = SplitMix64(seed: 7)
    let content = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(gunzipped(Gzip.compressed(content)) == content)
  }

  @Test func `equal contents become equal bytes`() {
    let content = Array(String(repeating: "#EXTINF:2.0,\n", count: 100).utf8)
    #expect(Gzip.compressed(content) == Gzip.compressed(content))
    #expect(Gzip.compressed(content).count < content.count / 10)
  }
}

func gunzipped(_ compressed: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  var compressed = compressed
  var output = [UInt8](repeating: 0, count: 1 << 20)
  let count = output.count
  compressed.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      (stream.next_in, stream.avail_in) = (input.baseAddress, uInt(input.count))
      (stream.next_out, stream.avail_out) = (output.baseAddress, uInt(count))
      #expect(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
      #expect(inflate(&stream, Z_FINISH) == Z_STREAM_END)
      #expect(stream.avail_in == 0)
      inflateEnd(&stream)
    }
  }
  return Array(output.prefix(count - Int(stream.avail_out)))
}
