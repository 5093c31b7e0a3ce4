import System

@testable import Voice

/// A room whose talkers send on time, and what its members hear.
final class TestRoom {
  struct Talker {
    var sound: (Int) -> Float
    /// The second channel; nil is mono.
    var right: ((Int) -> Float)?
    var encoder: OpusEncoder?
    var position = 0
    var sequence: UInt32 = 0
    var isSending = true
  }

  /// A packet that a member was sent.
  struct Heard: Equatable {
    let codec: SoundCodec
    let isStereo: Bool
    let sequence: UInt32
    let sampleTime: UInt64
    let payload: [UInt8]
  }

  let mixer = RoomMixer()
  var talkers: [Int: Talker] = [:]
  var settings: [VoiceSettings] = []
  private(set) var heard: [Int: [Heard]] = [:]
  private(set) var air: [Float] = []
  private(set) var ticks = 0
  /// The programme: 480 stereo frames.
  var programme: [Float]?

  var now: MonotonicTime { MonotonicTime(nanoseconds: 1_000_000_000_000 + ticks * 10_000_000) }

  func update() { mixer.update(settings) }

  /// Adds a member who talks, and is sent PCM.
  func addTalker(_ member: Int, form: SoundCodec = .pcm16, opus: Bool = false, _ sound: @escaping (Int) -> Float) {
    talkers[member] = Talker(sound: sound, encoder: opus ? OpusEncoder(channels: 1) : nil)
    settings.append(VoiceSettings(member: member, form: form, ridesGain: false))
    update()
  }

  func addListener(_ member: Int, form: SoundCodec = .pcm16, hearsProgramme: Bool = false) {
    settings.append(
      VoiceSettings(member: member, form: form, maySpeak: false, hearsProgramme: hearsProgramme, ridesGain: false))
    update()
  }

  func change(_ member: Int, _ change: (inout VoiceSettings) -> Void) {
    change(&settings[settings.firstIndex { $0.member == member }!])
    update()
  }

  func run(ticks count: Int) {
    for _ in 0..<count {
      for member in talkers.keys.sorted() where talkers[member]!.isSending { sendPacket(of: member) }
      programme.withPointer { programme in
        mixer.tick(at: now, programme: programme) { member, bytes in
          let packet = SoundPacket(bytes)!
          heard[member, default: []].append(
            Heard(
              codec: packet.codec, isStereo: packet.isStereo, sequence: packet.sequence, sampleTime: packet.sampleTime,
              payload: Array(packet.payload)))
        }
      }
      air += Array(mixer.airMix)
      ticks += 1
    }
  }

  func sendPacket(of member: Int) {
    let talker = talkers[member]!
    var frames: [Float] = []
    for index in talker.position..<(talker.position + Sound.frames) {
      frames.append(talker.sound(index))
      if let right = talker.right { frames.append(right(index)) }
    }
    let isStereo = talker.right != nil
    let time = UInt64(talker.position)
    let bytes =
      talker.encoder.map {
        TestPacket.opus(frames, isStereo: isStereo, by: $0, sequence: talker.sequence, sampleTime: time)
      } ?? TestPacket.pcm(frames, isStereo: isStereo, sequence: talker.sequence, sampleTime: time)
    bytes.withUnsafeBytes { _ = mixer.receive(member: member, packet: $0, at: now - .milliseconds(3)) }
    talkers[member]!.position += Sound.frames
    talkers[member]!.sequence &+= 1
  }

  func forget() {
    heard = [:]
    air = []
  }

  /// The samples of one channel that a member has heard as PCM or Opus.
  func samples(_ member: Int, channel: Int = 0) -> [Float] {
    let decoders = [OpusDecoder(channels: 1), OpusDecoder(channels: 2)]
    var samples: [Float] = []
    for heard in heard[member] ?? [] {
      let channels = heard.isStereo ? 2 : 1
      var frames = [Float](repeating: 0, count: channels * Sound.frames)
      switch heard.codec {
      case .pcm16:
        for index in frames.indices {
          let bits = UInt16(heard.payload[2 * index]) | UInt16(heard.payload[2 * index + 1]) << 8
          frames[index] = Float(Int16(bitPattern: bits)) / 32768
        }
      case .opus:
        _ = heard.payload.withUnsafeBytes { payload in
          frames.withUnsafeMutableBufferPointer {
            decoders[channels - 1].decode(payload, into: $0.baseAddress!)
          }
        }
      }
      samples += stride(from: min(channel, channels - 1), to: frames.count, by: channels).map { frames[$0] }
    }
    return samples
  }
}

extension [Float]? {
  /// Calls with the memory of the samples, or with nil.
  func withPointer<Result>(_ body: (UnsafePointer<Float>?) -> Result) -> Result {
    guard let samples = self else { return body(nil) }
    return samples.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
