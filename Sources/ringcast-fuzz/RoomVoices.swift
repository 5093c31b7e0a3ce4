import System

@testable import Voice

/// A room whose members send any packets at any time. The invariants of the mixer are checked after each tick.
///
/// An input is a sequence of steps. A step is one octet that chooses its kind, and what the kind needs.
struct RoomVoices {
  private static let mostSteps = 200
  private static let mostMembers = 6

  private let mixer = RoomMixer()
  private var nanoseconds = 7_000_000_000
  /// The next sequence number of each member.
  private var sequences = [UInt32](repeating: 0, count: mostMembers)
  private var programme: [Float]?
  private var settings: [VoiceSettings] = []

  /// - Parameter input: any bytes.
  static func run(_ input: [UInt8]) {
    var voices = RoomVoices()
    var rest = input[...]
    voices.update([0, 1, 2, 3].map { VoiceSettings(member: $0, form: $0 % 2 == 0 ? .pcm16 : .opus, isOnAir: $0 < 2) })
    for _ in 0..<mostSteps {
      guard let kind = rest.popFirst() else { break }
      voices.step(kind, &rest)
    }
    voices.tick(after: 10_000_000)
  }

  private mutating func step(_ kind: UInt8, _ rest: inout ArraySlice<UInt8>) {
    let member = Int(kind >> 4) % Self.mostMembers
    switch kind % 8 {
    case 0, 1: receivePCM(member, isStereo: kind & 8 != 0, &rest)
    case 2: receiveOpus(member, isStereo: kind & 8 != 0, &rest)
    case 3: receive(member, take(Int(rest.popFirst() ?? 0), &rest))
    case 4, 5: tick(after: kind & 8 == 0 ? 10_000_000 : Int(rest.popFirst() ?? 0) * 200_000)
    case 6: sequences[member] &+= UInt32(rest.popFirst() ?? 0) << UInt32((rest.popFirst() ?? 0) % 32)
    default: change(&rest)
    }
  }

  private func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// A packet of the length that PCM has, from a few bytes that repeat.
  private mutating func receivePCM(_ member: Int, isStereo: Bool, _ rest: inout ArraySlice<UInt8>) {
    let pattern = take(4, &rest)
    let count = Sound.frames * (isStereo ? 4 : 2)
    let payload = pattern.isEmpty ? [] : (0..<count).map { pattern[$0 % pattern.count] }
    receive(member, head(.pcm16, isStereo, of: member) + payload)
  }

  /// A packet that says that it is 10 ms of Opus.
  private mutating func receiveOpus(_ member: Int, isStereo: Bool, _ rest: inout ArraySlice<UInt8>) {
    let payload = take(Int(rest.popFirst() ?? 0), &rest)
    receive(member, head(.opus, isStereo, of: member) + [isStereo ? 0xF4 : 0xF0] + payload)
  }

  private mutating func head(_ codec: SoundCodec, _ isStereo: Bool, of member: Int) -> [UInt8] {
    var head = [UInt8](repeating: 0, count: SoundPacket.headLength)
    head.withUnsafeMutableBytes {
      SoundPacket.writeHead(
        codec, isStereo: isStereo, sequence: sequences[member], sampleTime: .max, into: $0.baseAddress!)
    }
    sequences[member] &+= 1
    return head
  }

  private func receive(_ member: Int, _ bytes: [UInt8]) {
    bytes.withUnsafeBytes { message in
      let isGood = mixer.receive(member: member, packet: message, at: MonotonicTime(nanoseconds: nanoseconds))
      precondition(isGood == (SoundPacket(message) != nil))
    }
  }

  /// The list of the members, one octet each, and the programme.
  private mutating func change(_ rest: inout ArraySlice<UInt8>) {
    let value = Float(Int8(bitPattern: rest.popFirst() ?? 0))
    programme = value < 0 ? nil : [Float](repeating: value == 1 ? .nan : value == 2 ? .infinity : value / 8, count: 960)
    update(
      take(Self.mostMembers, &rest).enumerated().filter { $0.element & 1 == 0 }.map { member, bits in
        VoiceSettings(
          member: member, form: bits & 2 != 0 ? nil : bits & 4 != 0 ? .opus : .pcm16, maySpeak: bits & 0x80 == 0,
          isMuted: bits & 8 != 0, isOnAir: bits & 16 != 0, hearsProgramme: bits & 32 != 0, ridesGain: bits & 64 != 0)
      })
  }

  private mutating func update(_ settings: [VoiceSettings]) {
    self.settings = settings
    mixer.update(settings)
  }

  private mutating func tick(after span: Int) {
    nanoseconds += span
    var sent: [Int] = []
    let silence = [Float](repeating: 0, count: 960)
    (programme ?? silence).withUnsafeBufferPointer { frames in
      let now = MonotonicTime(nanoseconds: nanoseconds)
      let programme = programme == nil ? nil : frames.baseAddress
      mixer.tick(at: now, programme: programme, underAir: programme) { member, bytes in
        precondition(SoundPacket(bytes)?.codec == settings.first { $0.member == member }?.form)
        sent.append(member)
      }
    }
    precondition(sent == settings.filter { $0.form != nil }.map(\.member))
    // The limiter's ceiling is -1 dB.
    precondition(mixer.airMix.count == 960 && mixer.airMix.allSatisfy { abs($0) <= 0.8913 })
    for member in 0..<Self.mostMembers {
      guard let figures = mixer.figures(of: member) else { continue }
      precondition((0...JitterBuffer.slots).contains(figures.waiting))
      precondition((480...5760).contains(figures.target) && (-120...0).contains(figures.level))
      precondition(abs(figures.drift) <= 5000 && abs(figures.gain) <= 12)
    }
  }
}
