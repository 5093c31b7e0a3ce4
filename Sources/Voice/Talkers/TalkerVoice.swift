import Glibc

/// The sound of one talker: from packets, in any order and at any time, to 480 samples of each channel in each tick. Times are
/// samples of 48 kHz.
final class TalkerVoice {
  /// Time without a packet after which no packets arrive: half a second.
  private static let absence = 24_000
  /// Ticks after the last stereo packet in which the voice stays stereo.
  private static let stereoHold = 100

  private struct Slot {
    var codec = SoundCodec.pcm16
    var isStereo = false
    var length = 0
  }

  /// The sound of the last tick, with gain and fades, fit for exact sums. Both channels are the same if it is not stereo.
  let left = Block()
  let right = Block()
  /// The same before gain and fades, the first channel only.
  let raw = Block()
  private let rawRight = Block()
  /// Whether `left` and `right` hold any sound.
  private(set) var isAudible = false
  var isStereo: Bool { resampler.isStereo }

  private let decoder = PacketDecoder()
  private let resampler = VariableResampler()
  private let payloads = UnsafeMutableRawBufferPointer.allocate(
    byteCount: JitterBuffer.slots * SoundPacket.longestPayload, alignment: 16)
  private let slots = UnsafeMutablePointer<Slot>.allocate(capacity: JitterBuffer.slots)
  private var buffer = JitterBuffer()
  private var meter = VoiceMeter()
  private var rider = GainRider()
  private var monoInARow = 0
  private var gain: Float = 0
  /// The instant of the last tick.
  private var now = 0

  /// Whether the gain is steered.
  var ridesGain = true
  /// Whether the talker is heard. The change is a fade of 5 ms in the next tick.
  var isOpen = false

  init() {
    payloads.initializeMemory(as: UInt8.self, repeating: 0)
    slots.initialize(repeating: Slot(), count: JitterBuffer.slots)
  }

  deinit {
    for block in [left, right, raw, rawRight] { block.free() }
    payloads.deallocate()
    slots.deallocate()
  }

  /// Becomes the voice of another talker.
  func reset() {
    (buffer, meter, rider) = (JitterBuffer(), VoiceMeter(), GainRider())
    (monoInARow, gain, isAudible) = (0, 0, false)
    decoder.reset()
    decoder.forgetCount()
    resampler.reset()
    left.clear()
    right.clear()
  }

  /// Takes a packet that has arrived.
  func receive(_ packet: SoundPacket, at now: Int) {
    guard isOpen, let slot = buffer.insert(sequence: packet.sequence, at: now) else { return }
    slots[slot] = Slot(codec: packet.codec, isStereo: packet.isStereo, length: packet.payload.count)
    let room = UnsafeMutableRawBufferPointer(rebasing: payloads[(slot * SoundPacket.longestPayload)...])
    room.copyMemory(from: packet.payload)
  }

  /// Plays the next 10 ms.
  func tick(at now: Int) {
    self.now = now
    // After a fade that is over, nothing of the past may sound again.
    if !isOpen, gain == 0 { return rest() }
    switch buffer.tick(at: now, queued: resampler.queued) {
    case .silence:
      fallSilent()
      return
    case .begin(let ratio, let skip):
      decoder.reset()
      resampler.reset()
      fetch(isSpliced: false)
      resampler.skip(skip)
      play(ratio, isSpliced: false)
    case .play(let ratio, let isSpliced): play(ratio, isSpliced: isSpliced)
    }
  }

  /// Ends the voice's part in the sound, at once.
  private func rest() {
    if buffer.lastArrival != nil {
      buffer.stop()
      decoder.reset()
      resampler.reset()
    }
    fallSilent()
  }

  private func fallSilent() {
    if isAudible {
      left.clear()
      right.clear()
      raw.clear()
      isAudible = false
    }
    meter.observe(power: 0)
    rider.observeSilence()
    gain = isOpen ? wantedGain : 0
  }

  private var wantedGain: Float {
    guard isOpen else { return 0 }
    return ridesGain ? Float(exp2(rider.gain / 6.020599913279624)) : 1
  }

  private func play(_ ratio: Double, isSpliced: Bool) {
    var isSpliced = isSpliced
    while !resampler.isReady(ratio: ratio) {
      fetch(isSpliced: isSpliced)
      isSpliced = false
    }
    resampler.play(ratio: ratio, left: left, right: right)
    if !isStereo { right.copy(left) }
    measure()
    let wanted = wantedGain
    finish(left, wanted)
    if isStereo { finish(right, wanted) } else { right.copy(left) }
    gain = wanted
    isAudible = true
  }

  private func finish(_ block: Block, _ wanted: Float) {
    block.scale(from: gain, to: wanted)
    block.makeExact()
  }

  private func measure() {
    raw.copy(left)
    let power = isStereo ? (left.power + right.power) / 2 : left.power
    meter.observe(power: power)
    if power > 0 { rider.observe(left, right) } else { rider.observeSilence() }
  }

  /// Puts 10 ms more into the resampler.
  private func fetch(isSpliced: Bool) {
    let next = buffer.take()
    if case .packet(let slot) = next { setStereo(slots[slot].isStereo) }
    let room = resampler.room
    if case .packet(let slot) = next {
      let start = slot * SoundPacket.longestPayload
      let payload = UnsafeRawBufferPointer(rebasing: payloads[start..<(start + slots[slot].length)])
      decoder.decode(
        payload, slots[slot].codec, isStereo: slots[slot].isStereo, isSpliced: isSpliced, into: room.left, room.right)
    } else {
      decoder.conceal(into: room.left, room.right)
    }
    resampler.append()
  }

  private func setStereo(_ stereo: Bool) {
    monoInARow = stereo ? 0 : monoInARow + 1
    if stereo || monoInARow > Self.stereoHold { resampler.setStereo(stereo) }
  }

  /// Whether packets have arrived lately.
  var isArriving: Bool { isOpen && buffer.lastArrival.map { now - $0 < Self.absence } ?? false }
  var isTalking: Bool { isOpen && meter.isTalking }

  var figures: VoiceFigures {
    var figures = VoiceFigures()
    figures.level = meter.level
    figures.isTalking = isTalking
    figures.isArriving = isArriving
    figures.delay = Int(buffer.delay)
    figures.target = Int(buffer.target)
    figures.waiting = buffer.fill
    figures.gain = ridesGain ? rider.gain : 0
    (figures.underruns, figures.late, figures.lost) = (buffer.underruns, buffer.late, buffer.lost)
    (figures.dropped, figures.concealed) = (buffer.dropped, decoder.concealed)
    figures.drift = buffer.drift
    return figures
  }
}
