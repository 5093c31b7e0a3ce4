import Testing

@testable import Voice

@Suite struct SoundPacketTests {
  /// A head and a payload of zeros.
  private func bytes(_ head: [UInt8], _ payload: [UInt8] = [UInt8](repeating: 0, count: 960)) -> [UInt8] {
    head + payload
  }

  private static let head: [UInt8] = [1, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 1, 0, 3]

  @Test func theHeadIsRead() {
    bytes(Self.head).withUnsafeBytes { message in
      let packet = SoundPacket(message)
      #expect(packet?.codec == .pcm16)
      #expect(packet?.isStereo == false)
      #expect(packet?.sequence == 0x102)
      #expect(packet?.sampleTime == 0x1_0003)
      #expect(packet?.payload.count == 960)
    }
  }

  @Test func theHeadIsWritten() {
    var written = [UInt8](repeating: 9, count: 16)
    written.withUnsafeMutableBytes {
      SoundPacket.writeHead(.pcm16, isStereo: false, sequence: 0x102, sampleTime: 0x1_0003, into: $0.baseAddress!)
    }
    #expect(written == Self.head)
    written.withUnsafeMutableBytes {
      SoundPacket.writeHead(.opus, isStereo: true, sequence: .max, sampleTime: .max, into: $0.baseAddress!)
    }
    #expect(written == [1, 1, 1, 1] + [UInt8](repeating: 0xFF, count: 12))
  }

  /// The byte of the head that is changed, its value, and the length of the payload.
  @Test(arguments: [
    (0, 0, 960), (0, 2, 960), (1, 0, 960), (1, 2, 960), (2, 2, 960), (3, 2, 960), (3, 0x80, 960), (0, 1, 959),
    (0, 1, 961),
    (0, 1, 0), (0, 1, 1920), (3, 1, 960), (3, 1, 1919), (3, 1, 1921), (0, 1, 100_000),
  ])
  func aBadPacketIsRefused(index: Int, value: UInt8, length: Int) {
    var head = Self.head
    head[index] = value
    bytes(head, [UInt8](repeating: 0, count: length)).withUnsafeBytes { #expect(SoundPacket($0) == nil) }
  }

  @Test func aMessageThatIsShorterThanAHeadIsRefused() {
    for length in 0...16 {
      Array(Self.head.prefix(length)).withUnsafeBytes { #expect(SoundPacket($0) == nil) }
    }
  }

  /// The first byte of an Opus packet states its length (RFC 6716 §3.1): 0xF0 is 10 ms of CELT, 0xE8 is 5 ms, 0xF8 is 20 ms,
  /// 0xE9 is two frames of 5 ms.
  @Test(arguments: [(0xF0, true), (0xE8, false), (0xF8, false), (0xE9, true)])
  func anOpusPacketHasTenMilliseconds(first: UInt8, isGood: Bool) {
    var head = Self.head
    head[2] = 1
    bytes(head, [first, 0xFF, 0xFE]).withUnsafeBytes { #expect((SoundPacket($0) != nil) == isGood) }
  }
}
