package import Audio
import Codec
import Core
import HLS
package import Recordings
import Rooms

/// The settings of one stream, with their defaults. `check()` holds the rules that tie one of them to another.
package struct StreamSettings: Equatable, Sendable {
  package enum SourceChoice: Equatable, Sendable {
    case automatic
    case alsa(device: String)
    case file(path: String)
    case standardInput
    case tone
    /// The source clients of Icecast that connect to the station.
    case icecast
    /// The air mix of the room with this name.
    case room(String)
    /// An endless stream of another station.
    case relay(RelayURL)
    /// The sound of another stream of this station.
    case stream(StreamName)

    /// - Returns: nil where no room can have that name.
    package static func room(named name: String) -> SourceChoice? {
      RoomName(name).map { .room($0.text) }
    }
  }

  /// The fate of the fallback of a stream whose source is a room, while there is a voice.
  package enum UnderVoice: String, CaseIterable, Sendable {
    /// The fallback goes on 18 dB lower.
    case duck
    case off
  }

  /// The form of sound without a header. What is nil is the stream's.
  package struct RawChoice: Equatable, Sendable {
    package var layout: SampleLayout?
    /// Hz.
    package var sampleRate: Int?
    package var channels: Int?

    /// Whether the settings say something of it.
    package var isNamed: Bool { layout != nil || sampleRate != nil || channels != nil }
  }

  package enum FallbackChoice: Equatable, Sendable {
    case file(path: String)
    case tone
    case alsa(device: String)
    case relay(RelayURL)
    case stream(StreamName)
  }

  /// The sample rates (Hz) and the bit rates (kbit/s) of MPEG-1 Layer III.
  package static let sampleRates = MP3Format.sampleRates
  package static let bitrates = MP3Format.bitrates

  package var name = StreamName.live
  /// The stream's own texts. Those of the station take the place of a missing text.
  package var identity = Identity()
  /// Tokens that a listener of this stream may show. Where the stream has none, those of the station count.
  package var listenToken: Token?
  package var listenTokenFile: String?
  package var source = SourceChoice.automatic
  /// Whether a file, a folder or a playlist is played over and over.
  package var loops = false
  /// Whether the files of a folder or of a playlist are played in a random order.
  package var shuffles = false
  package var raw = RawChoice()
  /// The channels of the source to play, one or two, counted from 1; none plays all of them.
  package var inputChannels: [Int] = []
  /// The file with the passwords of source clients.
  package var sourcePasswordFile: String?
  /// Whether a source client may take the place of another.
  package var allowsTakeover = false
  /// The most fallbacks of a stream.
  package static let mostFallbacks = 8
  /// The sounds of which the first that is there is played while the source is gone; none is silence.
  package var fallbacks: [FallbackChoice] = []
  /// The fate of the fallback under the voices of a room, where the settings name one.
  package var chosenUnderVoice: UnderVoice?
  package var underVoice: UnderVoice { chosenUnderVoice ?? .duck }
  /// The length of a silence that raises an alarm, in whole seconds; nil is never.
  package var silenceAlarm: Duration?
  /// Whether the fallback is played after the alarm too.
  package var replacesSilence = false
  /// A file that says what is playing.
  package var metadataFile: String?
  /// Hz; nil is the source's own rate.
  package var sampleRate: Int?
  /// Nil is as many as the source has.
  package var channels: Int?
  /// kbit/s.
  package var bitrate = 128
  /// Frames of PCM in a capture period.
  package var blockSize = 480
  package var segmentLength = Duration.seconds(2)
  package var partLength = Duration.milliseconds(288)
  /// The interval at which a growing segment is sent on, where the settings name one.
  package var chosenChunkLength: Duration?
  package var chunkLength: Duration { chosenChunkLength ?? min(.milliseconds(120), partLength) }
  /// The interval for requests with `?prompt`, where the settings name one; by default, each frame is sent on.
  package var chosenPromptChunkLength: Duration?
  package var promptChunkLength: Duration { chosenPromptChunkLength ?? min(.milliseconds(24), chunkLength) }
  /// Segments.
  package var ringSize = 10
  /// The directory in which the stream has a folder of its name.
  package var soundDirectory = "sound"
  /// The length of the sound that the endless stream sends at once at first.
  package var burst = Duration.seconds(2)
  /// The lag, beyond the burst, at which a listener of the endless stream is disconnected.
  package var maxLag = Duration.seconds(10)
  /// The encoding of the titles in the endless stream.
  package var icyEncoding = ICYEncoding.utf8
  /// Whether the listener's page shows the room that has the stream's name, and the stream's listeners may enter that room.
  package var hasRoom = false

  /// The path of a camera (V4L2) that gives the pictures of the stream.
  package var camera: String?

  /// The directory of the recordings; nil if the stream is not recorded.
  package var recordDirectory: String?
  /// The longest recording in seconds, as chosen.
  package var chosenRecordLength: Int?
  /// The recordings that stay; nil keeps all.
  package var recordKeep: RecordingKeep?

  package init() {}

  /// Nil if the stream is not recorded.
  package var record: RecordSettings? {
    recordDirectory.map {
      RecordSettings(
        directory: $0, length: chosenRecordLength ?? RecordSettings.standardLength, keep: recordKeep)
    }
  }

  /// Checks the rules that do not depend on the source: at the sample rate that is set, or else at 48 kHz.
  package func check() throws(InvalidInput) {
    try check(sampleRate: sampleRate ?? 48_000)
    try checkLengths()
    try checkFallback()
    try checkInput()
    try checkSourceClients()
    try checkRecording()
    if let camera, sourceRoom != nil {
      throw InvalidInput(.camera, camera, "with \(.source) room:NAME, the members of the room show their own cameras")
    }
  }

  /// Checks the window against the target duration, which depends on the length of a frame and so on the sample rate.
  func check(sampleRate: Int) throws(InvalidInput) {
    let grid = Grid(codec: .mp3, sampleRate: sampleRate, target: segmentLength)
    guard ringSize >= grid.smallestWindow else {
      throw InvalidInput(
        .ringSize, "\(ringSize)",
        """
        with \(.segmentLength) \(segmentLength.decimalSeconds) at \(sampleRate) Hz it must be at least \
        \(grid.smallestWindow): a playlist holds at least 3 target durations, here 3 × \(grid.targetDuration) s \
        (RFC 8216 §6.2.2)
        """)
    }
  }

  private func checkLengths() throws(InvalidInput) {
    if partLength > segmentLength {
      throw InvalidInput(
        .partLength, partLength.decimalSeconds,
        "it must not exceed \(.segmentLength), here \(segmentLength.decimalSeconds)")
    }
    if chunkLength > partLength {
      throw InvalidInput(
        .chunkLength, chunkLength.decimalSeconds, "it must not exceed \(.partLength), here \(partLength.decimalSeconds)"
      )
    }
    if promptChunkLength > chunkLength {
      throw InvalidInput(
        .promptChunk, promptChunkLength.decimalSeconds,
        "it must not exceed \(.chunkLength), here \(chunkLength.decimalSeconds)")
    }
  }

  private func checkFallback() throws(InvalidInput) {
    if replacesSilence, silenceAlarm == nil {
      throw InvalidInput(.onSilence, "fallback", "it needs \(.silenceAlarm) SECONDS")
    }
    if replacesSilence, fallbacks.isEmpty {
      throw InvalidInput(.onSilence, "fallback", "it needs \(.fallback) SOUND")
    }
    if !fallbacks.isEmpty, source == .tone, !replacesSilence {
      throw InvalidInput(
        .fallback, nil,
        """
        it needs a source that may fail, which is every \(.source) but tone, or \(.onSilence) fallback
        """)
    }
    if let chosenUnderVoice, sourceRoom == nil {
      throw InvalidInput(.underVoice, chosenUnderVoice.rawValue, "it needs \(.source) room:NAME")
    }
    if let chosenUnderVoice, fallbacks.isEmpty {
      throw InvalidInput(.underVoice, chosenUnderVoice.rawValue, "it needs \(.fallback) SOUND")
    }
  }

  private func checkRecording() throws(InvalidInput) {
    guard recordDirectory == nil else { return }
    if let chosenRecordLength { throw InvalidInput(.recordLength, "\(chosenRecordLength)", "it needs \(.record) PATH") }
    if recordKeep != nil { throw InvalidInput(.recordKeep, nil, "it needs \(.record) PATH") }
  }

  /// Checks the settings that only some sources can follow.
  private func checkInput() throws(InvalidInput) {
    if loops, !isFile { throw InvalidInput(.loop, nil, "it needs \(.source) file:PATH") }
    let hasFile = isFile || fallbacks.contains { if case .file = $0 { true } else { false } }
    if shuffles, !hasFile { throw InvalidInput(.shuffle, nil, "it needs \(.source) file:FOLDER or file:PLAYLIST.m3u") }
    let named: [(SettingKey, Bool)] = [
      (.rawFormat, raw.layout != nil), (.rawRate, raw.sampleRate != nil), (.rawChannels, raw.channels != nil),
    ]
    if let (key, _) = named.first(where: { $0.1 }), !isFile, source != .standardInput {
      throw InvalidInput(key, nil, "it needs sound without a header, \(.source) stdin or file:PATH")
    }
    if !inputChannels.isEmpty, source == .tone || source == .icecast || isOfPrograms {
      throw InvalidInput(.inputChannels, nil, "it needs \(.source) auto, alsa, file:PATH or stdin")
    }
  }

  private func checkSourceClients() throws(InvalidInput) {
    if source == .icecast {
      if sourcePasswordFile == nil {
        throw InvalidInput(
          .source, "icecast", "it needs \(.sourcePasswordFile) PATH: without a password, everybody could be the source")
      }
    } else if sourcePasswordFile != nil, !isRelay {
      throw InvalidInput(.sourcePasswordFile, nil, "it needs \(.source) icecast, or a relay: \(.source) https://…")
    } else if allowsTakeover {
      throw InvalidInput(.sourceTakeover, nil, "it needs \(.source) icecast")
    }
  }

  /// The format of a source that has none of its own.
  package var chosenFormat: PCMFormat { PCMFormat(sampleRate: sampleRate ?? 48_000, channels: channels ?? 2) }

  /// Whether the stream has tokens of its own.
  var hasTokens: Bool { listenToken != nil || listenTokenFile != nil }

  /// Whether the test tone is played until a capture device is there.
  package var startsWithTone: Bool { source == .automatic && fallbacks.isEmpty }

  /// Whether pictures may belong to the sound.
  var mayHavePictures: Bool { camera != nil || sourceRoom != nil }

  /// Whether the source may end by itself.
  var mayEnd: Bool { source == .standardInput || (isFile && !loops) }

  /// The room whose air mix is the source; nil for any other source.
  var sourceRoom: RoomName? {
    if case .room(let name) = source { RoomName(name) } else { nil }
  }

  /// The streams of the station whose sound this stream may play, the best first.
  var heardStreams: [StreamName] {
    let source: [StreamName] = if case .stream(let name) = source { [name] } else { [] }
    return source + fallbacks.compactMap { if case .stream(let name) = $0 { name } else { nil } }
  }

  /// Whether the source is a room, a relay or another stream.
  private var isOfPrograms: Bool {
    switch source {
    case .room, .relay, .stream: true
    case .automatic, .alsa, .file, .standardInput, .tone, .icecast: false
    }
  }

  private var isRelay: Bool {
    if case .relay = source { true } else { false }
  }

  private var isFile: Bool {
    if case .file = source { true } else { false }
  }
}
