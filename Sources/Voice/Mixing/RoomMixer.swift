package import System

/// Mixes the voices of one room: each member hears everybody but himself. One thread uses a mixer at a time. `receive` and
/// `tick` allocate no memory.
package final class RoomMixer {
  /// Voices that are mixed at a time. Members that begin to talk later are not heard.
  package static let voiceLimit = 64

  private struct Member {
    var settings: VoiceSettings
    /// The index of the member's voice; -1 is none.
    var voice = -1
    /// The index of the mix of the last tick; -1 is none.
    var mix = -1
    /// The head of the next packet that the member is sent.
    var sequence: UInt32 = 0
    var sampleTime: UInt64 = 0
  }

  /// What a voice is doing besides its own sound.
  private struct Part {
    /// The index of the member; -1 is a voice of nobody, which may still fade.
    var member = -1
    /// The share of the voice that is on the air.
    var air: Float = 0
    /// Ticks in which the voice's member still hears a mix of its own.
    var ownMixTicks = 0
  }

  /// Ticks after the last sound of a voice in which its member keeps a mix of its own: a second.
  private static let ownMixHold = 100
  /// Mixes that members share: one for each form, with and without the programme.
  private static let sharedMixes = 4

  private var members: [Member] = []
  private var places: [Int: Int] = [:]
  private var voices: [TalkerVoice] = []
  private var parts: [Part] = []
  private var echoes: [EchoDetector] = []
  /// The shared mixes, then one for each voice.
  private var mixes = (0..<sharedMixes).map { _ in Mix() }
  private let sum = RoomSum()
  private let programme = RoomProgramme()
  private let air = AirMix()

  /// Whether a voice is on the air, and its packets arrive.
  package private(set) var airIsOn = false
  /// Whether somebody on the air talks.
  package private(set) var airIsTalking = false

  package init() {}

  /// The sum of the voices on the air and of `underAir`: 480 interleaved stereo frames, limited to -1 dBTP. The sound is that
  /// of the last tick, 2.1 ms late. The next tick overwrites the memory.
  package var airMix: UnsafeBufferPointer<Float> { air.frames }

  // MARK: Members

  /// Replaces the list of the room's members. A member that stays keeps its voice and the numbers of its packets. It may
  /// allocate memory.
  package func update(_ settings: [VoiceSettings]) {
    let before = members
    let placesBefore = places
    members = []
    places = [:]
    for row in settings where places[row.member] == nil {
      var member = placesBefore[row.member].map { before[$0] } ?? Member(settings: row)
      if member.settings.form != row.form { member.mix = -1 }
      member.settings = row
      places[row.member] = members.count
      members.append(member)
    }
    assignVoices(before)
    for place in members.indices { prepare(members[place]) }
  }

  private func assignVoices(_ before: [Member]) {
    for voice in voices.indices where parts[voice].member >= 0 {
      let place = places[before[parts[voice].member].settings.member]
      parts[voice].member = place.map { members[$0].settings.maySpeak ? $0 : -1 } ?? -1
      if let place, parts[voice].member < 0 { members[place].voice = -1 }
      if parts[voice].member < 0 { voices[voice].isOpen = false }
    }
    for place in members.indices {
      if members[place].settings.speaks, members[place].voice < 0, let voice = freeVoice() {
        voices[voice].reset()
        echoes[voice].reset()
        parts[voice] = Part(member: place)
        members[place].voice = voice
      }
      guard members[place].voice >= 0 else { continue }
      let voice = voices[members[place].voice]
      voice.isOpen = members[place].settings.speaks
      voice.ridesGain = members[place].settings.ridesGain
    }
  }

  /// A voice of nobody, a new one, or that of a member who is muted.
  private func freeVoice() -> Int? {
    if let voice = voices.indices.first(where: { parts[$0].member < 0 && !voices[$0].isAudible }) { return voice }
    if voices.count < Self.voiceLimit {
      voices.append(TalkerVoice())
      echoes.append(EchoDetector())
      parts.append(Part())
      mixes.append(Mix())
      return voices.count - 1
    }
    let muted = voices.indices.first { voice in
      parts[voice].member >= 0 && !members[parts[voice].member].settings.speaks && !voices[voice].isAudible
    }
    guard let muted else { return nil }
    members[parts[muted].member].voice = -1
    return muted
  }

  private func prepare(_ member: Member) {
    guard let form = member.settings.form else { return }
    mixes[Self.sharedMix(member.settings, form)].prepare(form)
    if member.voice >= 0 { mixes[Self.sharedMixes + member.voice].prepare(form) }
  }

  private static func sharedMix(_ settings: VoiceSettings, _ form: SoundCodec) -> Int {
    Int(form.rawValue) * 2 + (settings.hearsProgramme ? 1 : 0)
  }

  // MARK: Sound

  /// Takes a packet of a member. The packet is dropped if the member may not talk, or is muted.
  /// - Returns: false if the message is no sound packet.
  @discardableResult
  package func receive(member: Int, packet: UnsafeRawBufferPointer, at now: MonotonicTime) -> Bool {
    guard let packet = SoundPacket(packet) else { return false }
    guard let place = places[member], members[place].voice >= 0 else { return true }
    voices[members[place].voice].receive(packet, at: Self.samples(now))
    return true
  }

  /// Mixes the next 10 ms, and sends each member with a form its packet. The packets are valid within the call of `send`.
  /// - Parameters:
  ///   - programme: 480 interleaved stereo frames for the members who hear the programme; nil is silence.
  ///   - underAir: 480 interleaved stereo frames that are added to the air mix before the limiter; nil is silence.
  package func tick(
    at now: MonotonicTime, programme frames: UnsafePointer<Float>? = nil, underAir: UnsafePointer<Float>? = nil,
    send: (_ member: Int, _ packet: UnsafeRawBufferPointer) -> Void
  ) {
    for voice in voices { voice.tick(at: Self.samples(now)) }
    sum.sum(voices)
    if let frames { programme.take(frames) }
    mixAir(underAir)
    chooseMixes()
    makeMixes(hasProgramme: frames != nil)
    for place in members.indices where members[place].mix >= 0 {
      let member = members[place]
      send(
        member.settings.member, mixes[member.mix].packet(sequence: member.sequence, sampleTime: member.sampleTime))
      members[place].sequence &+= 1
      members[place].sampleTime &+= UInt64(Sound.frames)
    }
  }

  private func mixAir(_ underAir: UnsafePointer<Float>?) {
    (airIsOn, airIsTalking) = (false, false)
    air.begin(underAir)
    for index in voices.indices {
      let (voice, place) = (voices[index], parts[index].member)
      let isOnAir = place >= 0 && members[place].settings.isOnAir
      let share: Float = isOnAir ? 1 : 0
      if voice.isAudible, share + parts[index].air > 0 { air.add(voice, from: parts[index].air, to: share) }
      parts[index].air = share
      guard isOnAir else { continue }
      if voice.isArriving { airIsOn = true }
      if voice.isTalking { airIsTalking = true }
    }
    air.end()
  }

  /// Decides which mix each member hears. A mix that is not of the member's own is made once for all who share it.
  private func chooseMixes() {
    for index in voices.indices {
      parts[index].ownMixTicks = voices[index].isAudible ? Self.ownMixHold : max(0, parts[index].ownMixTicks - 1)
      if !voices[index].isOpen, !voices[index].isAudible { parts[index].ownMixTicks = 0 }
    }
    for place in members.indices {
      guard let form = members[place].settings.form else {
        members[place].mix = -1
        continue
      }
      let voice = members[place].voice
      let hasOwn = voice >= 0 && parts[voice].ownMixTicks > 0
      let mix = hasOwn ? Self.sharedMixes + voice : Self.sharedMix(members[place].settings, form)
      mixes[mix].isWanted = true
      if members[place].mix != mix { mixes[mix].isNewToMember = true }
      members[place].mix = mix
    }
  }

  private func makeMixes(hasProgramme: Bool) {
    for index in mixes.indices {
      guard mixes[index].isWanted else {
        mixes[index].pause()
        continue
      }
      if index < Self.sharedMixes {
        let form = SoundCodec(rawValue: UInt8(index / 2))!
        mixes[index].make(sum, without: nil, programme: hasProgramme && index % 2 == 1 ? programme : nil, form: form)
      } else {
        makeOwnMix(index, hasProgramme: hasProgramme)
      }
    }
  }

  private func makeOwnMix(_ index: Int, hasProgramme: Bool) {
    let voice = index - Self.sharedMixes
    let settings = members[parts[voice].member].settings
    mixes[index].make(
      sum, without: voices[voice], programme: hasProgramme && settings.hearsProgramme ? programme : nil,
      form: settings.form!)
    echoes[voice].observe(uplink: voices[voice].raw, mix: mixes[index].left)
  }

  /// - Returns: nil if the member has no voice.
  package func figures(of member: Int) -> VoiceFigures? {
    guard let place = places[member], members[place].voice >= 0 else { return nil }
    var figures = voices[members[place].voice].figures
    figures.hasEcho = echoes[members[place].voice].hasEcho
    return figures
  }

  /// Samples of 48 kHz since the clock's start.
  private static func samples(_ time: MonotonicTime) -> Int {
    let (seconds, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return seconds * Sound.rate + rest * 6 / 125_000
  }
}
