import CAllocations
import System
import Testing

@testable import Voice

@Suite struct AllocationTests {
  @Test func `the counter counts`() {
    let before = allocations_of_thread()
    guard before >= 0 else { return }
    let block = UnsafeMutablePointer<Float>.allocate(capacity: 1000)
    #expect(allocations_of_thread() == before + 1)
    block.deallocate()
  }

  /// Ticks in which packets of all kinds come, go missing and come too late.
  @Test func `a tick allocates nothing`() {
    let mixer = RoomMixer()
    var settings = (0..<8).map { member in
      VoiceSettings(
        member: member, form: member % 2 == 0 ? .opus : .pcm16, isOnAir: member < 3, hearsProgramme: member == 4)
    }
    settings += (8..<20).map { VoiceSettings(member: $0, form: $0 % 2 == 0 ? .opus : .pcm16, maySpeak: false) }
    mixer.update(settings)
    let packets = (0..<8).map(packets(of:))
    let programme = [Float](repeating: 0.1, count: 960)
    var (sent, counted) = (0, 0)
    for tick in 0..<600 {
      let now = MonotonicTime(nanoseconds: 5_000_000_000 + tick * 10_000_000)
      let before = allocations_of_thread()
      for member in 0..<8 where (tick + member) % 50 > 8 {
        packets[member][tick % 300].withUnsafeBytes { _ = mixer.receive(member: member, packet: $0, at: now) }
      }
      programme.withUnsafeBufferPointer {
        mixer.tick(at: now, programme: tick % 3 == 0 ? $0.baseAddress : nil, underAir: $0.baseAddress) { _, packet in
          sent += packet.count
        }
      }
      _ = mixer.figures(of: 3)
      // The first ticks make what the process makes once.
      if tick >= 10 { counted += allocations_of_thread() - before }
    }
    #expect(counted == 0)
    #expect(sent > 600 * 20 * 17)
  }

  private func packets(of member: Int) -> [[UInt8]] {
    let tone = Tone(frequency: 300 + 170 * Double(member), amplitude: 0.4)
    let isStereo = member % 4 == 1
    let encoder = OpusEncoder(channels: isStereo ? 2 : 1)
    return (0..<300).map { number in
      let frames = (0..<480).flatMap { index in
        [Float](repeating: tone.sample(number * 480 + index), count: isStereo ? 2 : 1)
      }
      let sequence = UInt32(number)
      return member < 4
        ? TestPacket.opus(frames, isStereo: isStereo, by: encoder, sequence: sequence)
        : TestPacket.pcm(frames, isStereo: isStereo, sequence: sequence)
    }
  }
}
