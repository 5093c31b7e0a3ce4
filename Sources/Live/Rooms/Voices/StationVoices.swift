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
  private let mixer: MixerThread
  private let sender: SoundSender
  /// The feed of each stream whose source is a room, by the stream's name.
  private let feeds: [StreamName: AirFeed]
  private let lines = Mutex<[RoomName: [VoiceLine]]>([:])

  /// Starts the threads.
  init(_ settings: StationSettings, log: Log) {
    var feeds: [(stream: StreamSettings, room: RoomName, feed: AirFeed)] = []
    for stream in settings.streams {
      guard let room = stream.sourceRoom else { continue }
      feeds.append((stream, room, AirFeed(programmeFloor: stream.underVoice == .off ? 0 : Ducking.lowered)))
    }
    // The programme of a room is that of its first stream which has one.
    feeds.sort { !$0.stream.fallbacks.isEmpty && $1.stream.fallbacks.isEmpty }
    self.feeds = Dictionary(uniqueKeysWithValues: feeds.map { ($0.stream.name, $0.feed) })
    mixer = MixerThread(feeds: feeds.map { ($0.room, $0.feed) }, log: log)
    sender = SoundSender(mixer)
    mixer.start()
    sender.start()
  }

  /// The source of a stream whose source is a room.
  /// - Parameters:
  ///   - programme: in `RoomSource.format`; nil is silence.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  func source(
    of stream: StreamSettings, room: String, programme: (any Fallback)?,
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) -> RoomSource? {
    feeds[stream.name].map { RoomSource(room: room, $0, programme: programme, onEvent: onEvent) }
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
