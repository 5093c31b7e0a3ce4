import HTTP
import Rooms
import System
import Testing
import Voice

@testable import Live

@Suite struct SoundGateTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  private static let packet: [UInt8] = {
    var bytes = [UInt8](repeating: 0, count: SoundPacket.headLength + 960)
    bytes.withUnsafeMutableBytes {
      SoundPacket.writeHead(.pcm16, isStereo: false, sequence: 1, sampleTime: 480, into: $0.baseAddress!)
    }
    return bytes
  }()

  private static func line(maySpeak: Bool = true) -> VoiceLine {
    let webSocket = WebSocket(limits: .init(messages: 10, bytes: 10_000)) {}
    let state = VoiceState(member: MemberID(281)!, connection: ConnectionID(1), form: .pcm16, maySpeak: maySpeak)
    let line = VoiceLine(room: RoomName("hall")!, member: state.member, connection: state.connection, webSocket)
    line.update(state)
    return line
  }

  /// The word for a verdict.
  private func verdict(_ gate: inout SoundGate, _ packet: [UInt8] = packet, at now: MonotonicTime) -> String {
    switch gate.verdict(on: packet, at: now) {
    case .passes: "passes"
    case .shows: "shows"
    case .dropped: "dropped"
    case .refused(let code): code.rawValue
    case .closes: "closes"
    }
  }

  /// The gate of a member.
  private func gate(_ line: VoiceLine? = nil) -> SoundGate {
    var gate = SoundGate()
    gate.isWelcome = true
    gate.line = line
    return gate
  }

  @Test func `a packet before the welcome is dropped in silence`() {
    var gate = SoundGate()
    #expect(verdict(&gate, at: start) == "dropped")
    #expect(verdict(&gate, [1, 2, 3], at: start) == "dropped")
  }

  @Test func `a packet of a member without a voice is refused, once a second`() {
    var gate = gate()
    #expect(verdict(&gate, at: start) == "not_allowed")
    #expect(verdict(&gate, at: start + .milliseconds(999)) == "dropped")
    #expect(verdict(&gate, at: start + .seconds(1)) == "not_allowed")
  }

  @Test func `a member who may not speak is refused until the rooms let the member speak`() {
    let line = Self.line(maySpeak: false)
    var gate = gate(line)
    #expect(verdict(&gate, at: start) == "not_allowed")
    line.update(VoiceState(member: line.member, connection: line.connection, form: .pcm16))
    #expect(verdict(&gate, at: start) == "passes")
    line.end()
    #expect(verdict(&gate, at: start) == "dropped")
  }

  @Test func `a packet that is none is refused, once a second, beside the other errors`() {
    var gate = gate(Self.line())
    #expect(verdict(&gate, [1, 2, 3], at: start) == "bad_message")
    #expect(verdict(&gate, [], at: start) == "dropped")
    #expect(verdict(&gate, at: start) == "passes")
    #expect(verdict(&gate, Self.packet + [0], at: start + .seconds(1)) == "bad_message")
  }

  @Test func `the packets of an outage of three seconds pass; more are dropped, counted, and refill with time`() {
    let line = Self.line()
    var gate = gate(line)
    for _ in 0..<300 { #expect(verdict(&gate, at: start) == "passes") }
    for _ in 0..<50 { #expect(verdict(&gate, at: start) == "dropped") }
    #expect(line.dropped == 50)
    #expect(verdict(&gate, at: start + .milliseconds(10)) == "passes")
  }

  @Test func `a page that sends a packet each ten milliseconds never loses one, even if its clock is 5 % too fast`() {
    var gate = gate(Self.line())
    for number in 0..<20_000 {
      #expect(verdict(&gate, at: start + .microseconds(9500 * number)) == "passes")
    }
  }

  @Test func `a flood of thousands of packets closes the connection`() {
    var gate = gate(Self.line())
    for _ in 0..<3000 { #expect(verdict(&gate, at: start) != "closes") }
    #expect(verdict(&gate, at: start) == "closes")
  }
}
