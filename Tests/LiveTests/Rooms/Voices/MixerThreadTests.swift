import HTTP
import Logging
import Rooms
import System
import Testing
import Voice

@testable import Live

@Suite struct MixerThreadTests {
  private static let hall = RoomName("hall")!

  private static func row(_ number: Int, form: SoundCodec? = .pcm16) -> VoiceRow {
    let webSocket = WebSocket(limits: .init(messages: 10, bytes: 10_000)) {}
    let state = VoiceState(member: MemberID(280 + number)!, connection: ConnectionID(number), form: .pcm16)
    let line = VoiceLine(room: hall, member: state.member, connection: state.connection, webSocket)
    line.update(state)
    return VoiceRow(settings: VoiceSettings(member: number, form: form, ridesGain: false), line: line)
  }

  /// Waits for packets, and gives each to the closure until that returns true.
  private func packets(of mixer: MixerThread, until isEnough: (_ packet: [UInt8], _ connection: Int) -> Bool) {
    var isOver = false
    while !isOver {
      mixer.hasSent.wait()
      while mixer.sent.pop({ bytes, kind, connection in
        if kind == SentSound.packet, !isOver { isOver = isEnough(Array(bytes), connection) }
      }) {}
    }
  }

  /// A packet of a square wave.
  private static func packet(_ number: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: SoundPacket.headLength)
    bytes.withUnsafeMutableBytes {
      SoundPacket.writeHead(
        .pcm16, isStereo: false, sequence: UInt32(number), sampleTime: UInt64(480 * number), into: $0.baseAddress!)
    }
    for frame in 0..<480 { bytes += frame / 24 % 2 == 0 ? [0, 0x20] : [0, 0xE0] }
    return bytes
  }

  @Test func `a member with sound gets a packet each tick, numbered from the first`() {
    let mixer = MixerThread(log: Log(level: .error))
    mixer.start()
    mixer.update(Self.hall, [Self.row(1)])
    var sequences: [UInt32] = []
    packets(of: mixer) { bytes, connection in
      #expect(connection == 1)
      bytes.withUnsafeBytes { sequences.append(SoundPacket($0)!.sequence) }
      return sequences.count == 10
    }
    mixer.stop()
    #expect(sequences == Array(sequences[0]..<sequences[0] + 10))
  }

  @Test func `a member hears the packets that another one has put into its ring`() {
    let mixer = MixerThread(log: Log(level: .error))
    let talker = Self.row(1, form: nil)
    mixer.start()
    mixer.update(Self.hall, [talker, Self.row(2)])
    var number = 0
    packets(of: mixer) { bytes, connection in
      #expect(connection == 2)
      // One packet for each tick.
      talker.line.receive(Self.packet(number), at: .now)
      number += 1
      return bytes[SoundPacket.headLength...].contains { $0 != 0 }
    }
    mixer.stop()
    #expect(talker.line.dropped == 0)
  }

  @Test func `a list of voices replaces the one before between two ticks`() {
    let mixer = MixerThread(log: Log(level: .error))
    mixer.start()
    mixer.update(Self.hall, [Self.row(1)])
    packets(of: mixer) { _, connection in connection == 1 }
    mixer.update(Self.hall, [Self.row(2)])
    packets(of: mixer) { _, connection in connection == 2 }
    // The packets of one tick may have been on their way.
    packets(of: mixer) { _, connection in
      #expect(connection == 2)
      return true
    }
    mixer.stop()
  }

  @Test func `a stream whose source is a room gets ticks with nobody in the room`() {
    let feed = AirFeed(programmeFloor: 1)
    let mixer = MixerThread(log: Log(level: .error))
    mixer.start()
    mixer.update(feeds: [Self.hall: [feed]])
    var samples = [Float](repeating: 1, count: AirFeed.samples)
    var numbers: [Int] = []
    while numbers.count < 5 {
      let tick = samples.withUnsafeMutableBufferPointer { feed.next(into: $0.baseAddress!, newestOnly: false) }
      guard let tick else { continue }
      #expect(!tick.isOn)
      #expect(samples.allSatisfy { $0 == 0 })
      numbers.append(tick.number)
    }
    mixer.stop()
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// Waits for a tick.
  private static func tick(of feed: AirFeed) -> Int {
    var samples = [Float](repeating: 0, count: AirFeed.samples)
    while true {
      let tick = samples.withUnsafeMutableBufferPointer { feed.next(into: $0.baseAddress!, newestOnly: false) }
      if let tick { return tick.number }
    }
  }

  @Test func `streams come to the mixer and leave it while it runs`() {
    let feeds = (0..<4).map { _ in AirFeed(programmeFloor: 1) }
    let cellar = RoomName("cellar")!
    let mixer = MixerThread(log: Log(level: .error))
    mixer.start()
    mixer.update(feeds: [Self.hall: [feeds[0]]])
    _ = Self.tick(of: feeds[0])
    mixer.update(feeds: [Self.hall: [feeds[1], feeds[0]], cellar: [feeds[2]]])
    // The first tick of these feeds is one of the other feed, too.
    let both = Self.tick(of: feeds[1])
    _ = Self.tick(of: feeds[2])
    while Self.tick(of: feeds[0]) < both {}
    mixer.update(feeds: [:])
    // The mixer sleeps without a stream, and wakes for the next one.
    mixer.update(feeds: [cellar: [feeds[3]]])
    let first = Self.tick(of: feeds[3])
    mixer.stop()
    for feed in feeds.prefix(3) {
      var last = both
      var samples = [Float](repeating: 0, count: AirFeed.samples)
      feed.stop()
      samples.withUnsafeMutableBufferPointer {
        while let tick = feed.next(into: $0.baseAddress!, newestOnly: true) { last = tick.number }
      }
      #expect(last < first)
    }
  }
}
