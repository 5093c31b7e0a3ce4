import Audio
import Glibc
import System
import Testing

@Suite struct PipeSourceTests {
  /// Reads the pipe to its end.
  private func readAll(_ source: inout PipeSource) throws -> [Int32] {
    var (all, block): ([Int32], [Int32]) = ([], [])
    while try source.read(into: &block, stop: StopSignal()) != .end { all += block }
    return all
  }

  @Test func `bytes that come in odd lumps make the same samples, and half a frame at the end is dropped`() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let writer = ends[1]
    let samples = (0..<4000).map { Int16(truncatingIfNeeded: $0 &* 7919) }
    let thread = NamedThread(name: "writer") {
      var bytes = samples.flatMap { sample -> [UInt8] in
        [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
      }
      bytes += [1, 2, 3]
      var lump = 1
      while !bytes.isEmpty {
        let part = Array(bytes.prefix(lump))
        bytes.removeFirst(part.count)
        _ = part.withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
        lump = lump % 97 + 3
      }
      close(writer)
    }
    var source = PipeSource(descriptor: ends[0], format: PCMFormat(sampleRate: 48_000, channels: 2), blockSize: 480)
    let read = try readAll(&source)
    thread.join()
    close(ends[0])
    #expect(read == samples.map { Int32($0) << 16 })
  }

  @Test func `a raised stop ends a read that waits`() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let stop = StopSignal()
    stop.raise()
    var source = PipeSource(descriptor: ends[0], format: PCMFormat(sampleRate: 48_000, channels: 2), blockSize: 480)
    var block: [Int32] = [1]
    #expect(try source.read(into: &block, stop: stop) == .end)
    #expect(block.isEmpty)
    ends.forEach { close($0) }
  }
}
