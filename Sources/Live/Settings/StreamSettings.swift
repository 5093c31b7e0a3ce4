package import Audio
import Codec
import Core
import HLS
import Rooms

/// The settings of one stream, with their defaults. `check()` holds the rules that tie one of them to another.
package struct StreamSettings: Sendable {
  package enum SourceChoice: Equatable, Sendable {
    case automatic
    case alsa(device: String)
    case file(path: String)
    case standardInput
    case tone
    /// The air mix of the room with this name.
    case room(String)

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
  package struct RawChoice: Sendable {
    package var layout: SampleLayout?
    /// Hz.
    package var sampleRate: Int?
    package var channels: Int?

    /// Whether the settings say something of it.
    package var isNamed: Bool { layout != nil || sampleRate != nil || channels != nil }
  }

  package enum FallbackChoice: Equatable, Sendable {
    case silence
    case file(path: String)
    case tone
  }

  /// The sample rates (Hz) and the bit rates (kbit/s) of MPEG-1 Layer III.
  package static let sampleRates = MP3Format.sampleRates
  package static let bitrates = MP3Format.bitrates

  package var name = StreamName.live
  package var source = SourceChoice.automatic
  /// Whether a file is played over and over.
  package var loops = false
  package var raw = RawChoice()
  /// The channels of the source to play, one or two, counted from 1; none plays all of them.
  package var inputChannels: [Int] = []
  /// The sound that is played while the source is gone.
  package var fallback = FallbackChoice.silence
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

  package init() {}

  /// Checks the rules that do not depend on the source: at the sample rate that is set, or else at 48 kHz.
  package func check() throws(InvalidInput) {
    try check(sampleRate: sampleRate ?? 48_000)
    try checkLengths()
    try checkFallback()
    try checkInput()
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
    if replacesSilence, fallback == .silence {
      throw InvalidInput(.onSilence, "fallback", "it needs \(.fallback) file:PATH or tone")
    }
    if fallback != .silence, source == .tone, !replacesSilence {
      throw InvalidInput(
        .fallback, nil,
        "it needs a source that may fail, \(.source) auto, alsa, file:PATH or stdin, or \(.onSilence) fallback")
    }
    if let chosenUnderVoice, sourceRoom == nil {
      throw InvalidInput(.underVoice, chosenUnderVoice.rawValue, "it needs \(.source) room:NAME")
    }
    if let chosenUnderVoice, fallback == .silence {
      throw InvalidInput(.underVoice, chosenUnderVoice.rawValue, "it needs \(.fallback) file:PATH or tone")
    }
  }

  /// Checks the settings that only some sources can follow.
  private func checkInput() throws(InvalidInput) {
    if loops, !isFile { throw InvalidInput(.loop, nil, "it needs \(.source) file:PATH") }
    let named: [(SettingKey, Bool)] = [
      (.rawFormat, raw.layout != nil), (.rawRate, raw.sampleRate != nil), (.rawChannels, raw.channels != nil),
    ]
    if let (key, _) = named.first(where: { $0.1 }), !isFile, source != .standardInput {
      throw InvalidInput(key, nil, "it needs sound without a header, \(.source) stdin or file:PATH")
    }
    if !inputChannels.isEmpty, source == .tone || sourceRoom != nil {
      throw InvalidInput(.inputChannels, nil, "it needs \(.source) auto, alsa, file:PATH or stdin")
    }
  }

  /// Whether the test tone is played until a capture device is there.
  package var startsWithTone: Bool { source == .automatic && fallback == .silence }

  /// Whether the source may end by itself.
  var mayEnd: Bool { source == .standardInput || (isFile && !loops) }

  /// The room whose air mix is the source; nil for any other source.
  var sourceRoom: RoomName? {
    if case .room(let name) = source { RoomName(name) } else { nil }
  }

  private var isFile: Bool {
    if case .file = source { true } else { false }
  }
}
