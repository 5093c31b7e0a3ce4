extension Room {
  /// The voices of the room: the members who are talkers or are sent sound, and whose page has a road for sound.
  var voices: [VoiceState] {
    guard state.hasVoices else { return [] }
    return members.compactMap { member in
      guard let connection = member.connection, member.voice.hasRoad else { return nil }
      let isTalker = member.state.role >= Right.speak.role
      guard isTalker || member.voice.form != nil else { return nil }
      var voice = VoiceState(
        member: member.id, connection: connection, form: member.voice.form,
        maySpeak: isTalker && !muted.contains(member.id), isMuted: member.state.isMuted)
      voice.isOnAir = member.state.isOnAir
      voice.isShown = member.state.isShown
      voice.hearsProgramme = member.voice.hearsProgramme
      voice.ridesGain = member.voice.ridesGain
      voice.uplinkDelay = member.voice.delays.uplink
      voice.downlinkDelay = member.voice.delays.downlink
      return voice
    }
  }

  /// Tells the shell the voices if they have changed. New delays alone wait for a while: pages tell them often.
  mutating func updateVoices() {
    let voices = voices
    guard voices != voicesTold else { return }
    let areSame = voices.count == voicesTold.count && zip(voices, voicesTold).allSatisfy { $0.isSame(as: $1) }
    if areSame, let voicesTime, now.monotonic < voicesTime + RoomsLimits.delaysPace { return }
    (voicesTold, voicesTime) = (voices, now.monotonic)
    actions.append(.voices(name, voices))
  }

  /// Tells the members who are sent sound the levels and delays of the talkers.
  mutating func tellVoices(_ reports: [VoiceReport]) {
    let talkers = reports.filter { report in member(report.member).map { !$0.state.isMuted } ?? false }
    let connections = members.compactMap { $0.voice.sentForm == nil ? nil : $0.connection }
    guard !talkers.isEmpty, !connections.isEmpty else { return }
    actions.append(.send(.voices(talkers), to: connections))
  }

  /// Tells a talker and the hosts that the talker's microphone repeats the mix.
  mutating func tellEcho(of id: MemberID) {
    guard let index = index(of: id) else { return }
    if let told = members[index].voice.echoTold, now.monotonic < told + RoomsLimits.echoPace { return }
    members[index].voice.echoTold = now.monotonic
    let connections = members.compactMap { member in
      member.id == id || member.state.role >= Right.moderate.role ? member.connection : nil
    }
    guard !connections.isEmpty else { return }
    actions.append(.send(.echo(id), to: connections))
  }
}
