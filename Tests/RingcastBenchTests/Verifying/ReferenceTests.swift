import Testing

@testable import ringcast_bench

@Suite struct ReferenceTests {
  private func received(_ bytes: [UInt8], by reference: Reference, piece: Int) -> Bool {
    var (offset, isRight) = (0, true)
    bytes.inPieces(of: piece) {
      isRight = reference.matches($0, at: offset) && isRight
      offset += $0.count
    }
    return isRight
  }

  @Test func `two listeners who receive the same are right, whoever is ahead`() {
    let reference = Reference(.packedAudio)
    let bytes = Frames.segment(4, at: 9000)
    #expect(bytes.prefix(1000).withUnsafeBytes { reference.matches($0, at: 0) })
    #expect(received(bytes, by: reference, piece: 77))
    #expect(bytes.dropFirst(1000).withUnsafeBytes { reference.matches($0, at: 1000) })
    #expect(reference.ends(after: bytes.count))
    #expect(reference.start == 9000)
    #expect(reference.end == 9000 + 4 * 2160)
  }

  @Test(arguments: [0, 40, 73, 500, 1608])
  func `one byte that differs is found`(place: Int) {
    let reference = Reference(.packedAudio)
    let bytes = Frames.segment(4, at: 0)
    #expect(received(bytes, by: reference, piece: 384))
    var other = bytes
    other[place] ^= 1
    #expect(!received(other, by: reference, piece: 384))
  }

  @Test func `the first to receive it must receive frames, and whole ones`() {
    #expect(!received(Array(Frames.segment(2, at: 0)) + [1, 2, 3, 4], by: Reference(.packedAudio), piece: 100))

    let cut = Reference(.packedAudio)
    let bytes = Array(Frames.segment(2, at: 0).dropLast())
    #expect(received(bytes, by: cut, piece: 100))
    #expect(!cut.ends(after: bytes.count))
  }

  @Test func `a copy that is shorter or longer is wrong`() {
    let reference = Reference(.packedAudio)
    let bytes = Frames.segment(2, at: 0)
    #expect(received(bytes, by: reference, piece: 100))
    #expect(!reference.ends(after: bytes.count - 384))
    #expect(reference.ends(after: bytes.count))
    #expect(!received(Frames.segment(3, at: 0), by: reference, piece: 100))
  }

  @Test(
    arguments: [
      (9000, 9000, true), (9001, 9000, true), (8999, 9000, true), (9002, 9000, false), (0, 9000, false),
      (0, 1 << 33 - 1, true), (1 << 33 - 1, 0, true),
    ])
  func `follows where the timestamps join, past the wrap too`(start: Int, end: Int, follows: Bool) {
    let reference = Reference(.packedAudio)
    _ = received(Frames.segment(1, at: start), by: reference, piece: 1000)
    #expect(reference.follows(end) == follows)
  }

  @Test func `the tag in front is no sound`() {
    let reference = Reference(.packedAudio)
    _ = received(Frames.segment(2, at: 0), by: reference, piece: 1000)
    #expect(reference.sound(in: 0..<73) == .zero)
    #expect(reference.sound(in: 0..<73 + 384) == .milliseconds(24))
    #expect(reference.sound(in: 73 + 384..<73 + 768) == .milliseconds(24))
  }
}
