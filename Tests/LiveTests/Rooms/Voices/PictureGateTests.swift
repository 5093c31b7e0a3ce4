import HTTP
import Rooms
import System
import Testing
import Voice

@testable import Live

@Suite struct PictureGateTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  /// A still of 16 by 16 pixels, by its markers.
  private static let jpeg: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
    + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xFF, 0xD9]

  /// A still in one message.
  private func message(_ jpeg: [UInt8] = jpeg, sampleTime: UInt8 = 0) -> [UInt8] {
    [1, 2, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, sampleTime, 0] + jpeg
  }

  private static func gate(isShown: Bool = true) -> SoundGate {
    let webSocket = WebSocket(limits: .init(messages: 10, bytes: 10_000)) {}
    var state = VoiceState(member: MemberID(281)!, connection: ConnectionID(1), form: .pcm16)
    state.isShown = isShown
    let line = VoiceLine(room: RoomName("hall")!, member: state.member, connection: state.connection, webSocket)
    line.update(state)
    line.note(delayToMix: 960)
    var gate = SoundGate()
    (gate.isWelcome, gate.line) = (true, line)
    return gate
  }

  /// The word for a verdict.
  private func word(_ verdict: SoundGate.Verdict) -> String {
    switch verdict {
    case .passes: "passes"
    case .shows: "shows"
    case .dropped: "dropped"
    case .refused(let code): code.rawValue
    case .closes: "closes"
    }
  }

  /// The instant of the sound of a still that is shown; nil where it is not shown.
  private func instant(_ gate: inout SoundGate, _ message: [UInt8], at now: MonotonicTime) -> MonotonicTime? {
    if case .shows(_, let instant) = gate.verdict(on: message, at: now) { instant } else { nil }
  }

  private func sound(_ gate: inout SoundGate, sampleTime: UInt64, at now: MonotonicTime) {
    var bytes = [UInt8](repeating: 0, count: SoundPacket.headLength + 960)
    bytes.withUnsafeMutableBytes {
      SoundPacket.writeHead(.pcm16, isStereo: false, sequence: 1, sampleTime: sampleTime, into: $0.baseAddress!)
    }
    _ = gate.verdict(on: bytes, at: now)
  }

  @Test func `a still has the instant at which its sound is mixed, whenever the still comes`() {
    var gate = Self.gate()
    // The packet of the first 10 ms comes at its end: on the shortest way, the sample 0 could have come at the start.
    sound(&gate, sampleTime: 0, at: start + .milliseconds(10))
    // The mix is 960 samples, 20 ms, later, and the still's sample 256 · 48 is 256 ms later.
    let late = instant(&gate, message(sampleTime: 48), at: start + .milliseconds(900))
    #expect(late == start + .milliseconds(276))
  }

  @Test func `a still without sound is of the moment at which it comes`() {
    var gate = Self.gate()
    #expect(instant(&gate, message(), at: start) == start)
  }

  @Test func `the still of a member who is not shown is dropped without a word`() {
    var gate = Self.gate(isShown: false)
    #expect(word(gate.verdict(on: message(), at: start)) == "dropped")
  }

  @Test(arguments: [true, false])
  func `a member who sends pictures is known, be the member shown or not, until five seconds after the last one`(
    isShown: Bool
  ) throws {
    var gate = Self.gate(isShown: isShown)
    let line = try #require(gate.line)
    sound(&gate, sampleTime: 0, at: start)
    #expect(!line.sendsPictures(at: start))
    _ = gate.verdict(on: message(), at: start)
    #expect(line.sendsPictures(at: start + .milliseconds(4999)) && !line.sendsPictures(at: start + .seconds(5)))
  }

  @Test func `bytes that are no still are refused`() {
    var gate = Self.gate()
    #expect(word(gate.verdict(on: message([1, 2, 3]), at: start)) == "bad_message")
  }

  @Test func `five stills a second are shown, and no more`() {
    var gate = Self.gate()
    let shown = (0..<300).filter { instant(&gate, message(), at: start + .milliseconds(33 * $0)) != nil }
    #expect((50...54).contains(shown.count))
  }
}
