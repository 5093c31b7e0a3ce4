import Audio
import Logging
import Rooms
import Synchronization
import System
import Voice

/// The voices of a station: the threads `mixer` and `voices`, and the feeds of the streams whose source is a room.
///
/// The loops of the servers give packets to the mixer without the rooms' thread between them, so that no message of a room
/// delays sound.
final class StationVoices: Sendable {
  /// The place of a stream among those whose source was a room at some time.
  private struct Place {
    let stream: StreamName
    /// Nil while the stream does not take the sound of a room.
    var fed: (room: RoomName, feed: AirFeed, hasProgramme: Bool)?
  }

  private let mixer: MixerThread
  private let sender: SoundSender
  /// In the order in which the streams were there first.
  private let places = Mutex<[Place]>([])
  private let lines = Mutex<[RoomName: [VoiceLine]]>([:])

  /// Starts the threads.
  init(log: Log) {
    mixer = MixerThread(log: log)
    sender = SoundSender(mixer)
    mixer.start()
    sender.start()
  }

  /// The source of a stream that begins and whose source is a room: from now on, the mixer feeds the stream.
  /// - Parameters:
  ///   - programme: in `RoomSource.format`; nil is silence.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  func source(
    of stream: StreamSettings, room: String, programme: (any Fallback)?,
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) -> RoomSource? {
    guard let name = stream.sourceRoom else { return nil }
    let feed = AirFeed(programmeFloor: stream.underVoice == .off ? 0 : Ducking.lowered)
    feedMixer { places in
      let index = places.firstIndex { $0.stream == stream.name } ?? places.endIndex
      if index == places.endIndex { places.append(Place(stream: stream.name)) }
      places[index].fed = (name, feed, !stream.fallbacks.isEmpty)
    }
    return RoomSource(room: room, feed, programme: programme, onEvent: onEvent)
  }

  /// A stream has stopped: it gets no sound of a room any more.
  func release(_ stream: StreamName) {
    let feed = feedMixer { places -> AirFeed? in
      guard let index = places.firstIndex(where: { $0.stream == stream }) else { return nil }
      defer { places[index].fed = nil }
      return places[index].fed?.feed
    }
    // A capture thread that stands still waits for no tick later.
    feed?.stop()
  }

  /// Tells the mixer the feeds after a change. The programme of a room is that of its first stream which has one.
  private func feedMixer<Value>(_ change: (inout [Place]) -> Value) -> Value {
    places.withLock { places in
      let value = change(&places)
      let fed = places.compactMap(\.fed)
      let feeds = fed.filter(\.hasProgramme) + fed.filter { !$0.hasProgramme }
      mixer.update(feeds: Dictionary(grouping: feeds, by: \.room).mapValues { $0.map(\.feed) })
      return value
    }
  }

  /// - Parameter rooms: gets the levels, the delays and the talkers; called on another thread, it must not wait.
  func report(to rooms: @escaping @Sendable (RoomsInput) -> Void) {
    sender.report(to: rooms)
  }

  /// Replaces the voices of a room; returns at once.
  /// - Parameter voices: with the road of each connection.
  func update(_ room: RoomName, _ voices: [(state: VoiceState, socket: RoomSocket)]) {
    let rows = voices.map { state, socket in
      VoiceRow(settings: VoiceSettings(state), line: socket.line(of: state, in: room))
    }
    lines.withLock { lines in
      for line in lines[room] ?? [] where !rows.contains(where: { $0.line === line }) { line.end() }
      lines[room] = rows.isEmpty ? nil : rows.map(\.line)
    }
    mixer.update(room, rows)
    sender.update(room, rows)
  }

  var snapshot: VoicesSnapshot { sender.snapshot }

  /// Ends the threads, after the streams have ended.
  func stop() {
    mixer.stop()
    sender.stop()
  }
}

extension VoiceSettings {
  /// The connection is the number of the voice.
  fileprivate init(_ state: VoiceState) {
    self.init(
      member: state.connection.number, form: state.form.map(SoundCodec.init), maySpeak: state.maySpeak,
      isMuted: state.isMuted, isOnAir: state.isOnAir, hearsProgramme: state.hearsProgramme,
      ridesGain: state.ridesGain)
  }
}

extension SoundCodec {
  fileprivate init(_ form: SoundForm) {
    switch form {
    case .pcm16: self = .pcm16
    case .opus: self = .opus
    }
  }
}
