package import System

/// Mixes the voices of one room: each member hears everybody but itself. One thread uses a mixer at a time. `receive` and
/// `tick` allocate no memory.
package final class RoomMixer {
  /// Voices that are mixed at a time.
  package static let voiceLimit = 64

  private var rows: [VoiceSettings] = []
  private let air = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * Sound.frames)
  private let packet = UnsafeMutableRawBufferPointer.allocate(byteCount: SoundPacket.longest, alignment: 16)
  private var ticks: UInt64 = 0

  package init() {
    air.initialize(repeating: 0)
    packet.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit {
    air.deallocate()
    packet.deallocate()
  }

  /// Replaces the list of the room's members. It may allocate memory.
  package func update(_ voices: [VoiceSettings]) { rows = voices }

  /// Takes a packet of a member. The packet is dropped if the member may not talk, or is muted.
  /// - Returns: false if the message is no sound packet.
  @discardableResult
  package func receive(member: Int, packet: UnsafeRawBufferPointer, at now: MonotonicTime) -> Bool {
    SoundPacket(packet) != nil
  }

  /// Mixes the next 10 ms, and sends each member with a form its packet. The packets are valid within the call of `send`.
  /// - Parameters:
  ///   - programme: 480 interleaved stereo frames for the members who hear the programme; nil is silence.
  ///   - underAir: 480 interleaved stereo frames that are added to the air mix before the limiter; nil is silence.
  package func tick(
    at now: MonotonicTime, programme: UnsafePointer<Float>? = nil, underAir: UnsafePointer<Float>? = nil,
    send: (_ member: Int, _ packet: UnsafeRawBufferPointer) -> Void
  ) {
    for row in rows where row.form != nil {
      SoundPacket.writeHead(
        .pcm16, isStereo: false, sequence: UInt32(truncatingIfNeeded: ticks), sampleTime: 480 * ticks,
        into: packet.baseAddress!)
      send(row.member, UnsafeRawBufferPointer(rebasing: packet[..<(SoundPacket.headLength + 2 * Sound.frames)]))
    }
    ticks += 1
  }

  /// The sum of the voices on the air and of `underAir`: 480 interleaved stereo frames of the last tick, limited to -1 dBTP.
  /// The memory is overwritten by the next tick.
  package var airMix: UnsafeBufferPointer<Float> { UnsafeBufferPointer(air) }

  /// Whether a voice is on the air, and its packets arrive.
  package private(set) var airIsOn = false

  /// Whether somebody on the air talks.
  package private(set) var airIsTalking = false

  /// - Returns: nil if the member has no voice.
  package func figures(of member: Int) -> VoiceFigures? { nil }
}
