import Glibc
import System
import Voice

/// A room without a network: talkers with Opus, and members who are sent Opus.
struct MixerLoad {
  /// Packets of a talker that are made in advance: 2 s.
  private static let packets = 200

  private let options: MixerOptions
  /// The payloads of each talker.
  private let payloads: [[[UInt8]]]

  init(_ options: MixerOptions) {
    self.options = options
    payloads = (0..<options.talkers).map(Self.talk)
  }

  /// Packets with sound like a vowel, whose loudness rises and falls four times a second.
  private static func talk(_ talker: Int) -> [[UInt8]] {
    let work = OpusWork(decoders: 0, encoders: 1)
    let pitch = 100 + 17 * Double(talker)
    return (0..<packets).map { packet in
      work.encode(
        (0..<OpusWork.frames).map { index in
          let time = Double(packet * OpusWork.frames + index) / 48_000
          let envelope = 0.5 - 0.45 * cos(2 * .pi * 4 * time + Double(talker))
          let harmonics = (1...20).reduce(0) { sum, number in
            sum + sin(2 * .pi * pitch * Double(number) * time) / Double(number)
          }
          return Float(0.12 * envelope * harmonics + Double.random(in: -0.002...0.002))
        })
    }
  }

  /// - Returns: one line of JSON.
  func run() -> String {
    let ticks = 100 * options.seconds
    let (mixed, worst, bytes) = mix(ticks)
    let alone = encodeAlone(ticks)
    func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    return """
      {"mode":"mixer","talkers":\(options.talkers),"members":\(options.members),"tick_us":\(text(mixed)),\
      "worst_us":\(text(worst)),"core_percent":\(text(mixed / 100)),"libopus_us":\(text(alone)),\
      "libopus_percent":\(text(alone / 100)),"bytes_per_tick":\(bytes / ticks)}
      """
  }

  /// - Returns: the mean and the highest CPU time of a tick in µs, and the bytes that were sent.
  private func mix(_ ticks: Int) -> (mean: Double, worst: Double, bytes: Int) {
    let mixer = RoomMixer()
    mixer.update(
      (0..<options.members).map { VoiceSettings(member: $0, form: .opus, maySpeak: $0 < options.talkers) })
    var packet = [UInt8](repeating: 0, count: SoundPacket.longest)
    var (sum, worst, bytes) = (0.0, 0.0, 0)
    for tick in 0..<ticks {
      let now = MonotonicTime(nanoseconds: 1_000_000_000 + tick * 10_000_000)
      let start = Self.cpu
      for talker in 0..<options.talkers {
        let payload = payloads[talker][tick % Self.packets]
        packet.withUnsafeMutableBytes { bytes in
          SoundPacket.writeHead(
            .opus, isStereo: false, sequence: UInt32(tick), sampleTime: UInt64(480 * tick), into: bytes.baseAddress!)
          bytes[SoundPacket.headLength...].copyBytes(from: payload)
          let whole = UnsafeRawBufferPointer(rebasing: bytes[..<(SoundPacket.headLength + payload.count)])
          mixer.receive(member: talker, packet: whole, at: now)
        }
      }
      mixer.tick(at: now) { _, packet in bytes += packet.count }
      let span = Self.cpu - start
      sum += span
      worst = max(worst, span)
    }
    return (sum / Double(ticks), worst, bytes)
  }

  /// - Returns: the CPU time of a tick in µs.
  private func encodeAlone(_ ticks: Int) -> Double {
    let shared = options.members > options.talkers ? 1 : 0
    let work = OpusWork(decoders: options.talkers, encoders: options.talkers + shared)
    let start = Self.cpu
    for tick in 0..<ticks { work.tick { payloads[$0][tick % Self.packets] } }
    return (Self.cpu - start) / Double(ticks)
  }

  /// The CPU time of the thread in µs.
  private static var cpu: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }
}
