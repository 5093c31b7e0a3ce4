import Core
import HLS
import HTTP
import Logging
import Rooms
import System

/// The rooms of a station, from their settings: the service and its handlers.
struct StationRooms: Sendable {
  let service: RoomsService
  let handlers: RoomHandlers
  let studio: StudioHandlers
  private let chat: ChatKeeper?
  let voices: StationVoices
  private let records: RecordsKeeper

  /// Everything of the station that the rooms use.
  struct Surroundings: Sendable {
    let streams: StreamDirectory
    let audiences: Audiences
    let voices: StationVoices
    let endpoints: Endpoints
    let gates: Gates
    let files: StaticFiles
    /// Makes the codes of invites and sessions.
    let seal: any Seal
    let callServers: CallServers
    /// The header fields of answers that every listener may read.
    let headers: [(name: String, value: String)]
  }

  /// Starts the rooms' thread and that of the records; with `--room-history` the thread of the chat, too.
  init(_ settings: StationSettings, _ choices: RoomSettings, in surroundings: Surroundings, log: Log) {
    let channels = RoomChannels(settings)
    let news = RoadNews()
    chat =
      choices.keepsHistory
      ? ChatKeeper(
        ChatFolder(in: settings.streams[0].soundDirectory), mostRooms: 4 * choices.maxRooms, log: log) : nil
    records = RecordsKeeper(RecordsFile(in: settings.streams[0].soundDirectory), log: log)
    let streams = surroundings.streams
    voices = surroundings.voices
    let headers = surroundings.headers + Self.eventHeaders
    let parts = RoomsParts(
      settings: RoomsSettings(choices, settings), seal: surroundings.seal,
      audiences: RoomAudiences(
        channels: channels.audiences, headers: headers, news: news,
        kept: { [chat] room in Rooms.remembered(chat?.messages(of: room) ?? [], of: room, at: .now) }),
      requestRoads: RequestRoads(), list: RoomList(channel: channels.list, headers: headers, news: news),
      news: news, chat: chat, records: records, voices: voices,
      closedRooms: { Self.closedRooms(of: streams) },
      anchors: { Self.anchors(of: streams) },
      show: { room, still, moment in
        for stream in streams.streams where stream.settings.sourceRoom == room { stream.show(still, at: moment) }
      },
      addServers: { [servers = surroundings.callServers] in servers.add(to: &$0, for: $1, at: .now) })
    let (listeners, operators) = (surroundings.endpoints.listeners, surroundings.endpoints.operators)
    // Weakly: the servers keep the handlers, which keep the service.
    service = RoomsService(parts, log: log) { [weak listeners, weak operators] channels, wake in
      for channel in channels {
        listeners?.sendOn(channel: channel)
        operators?.sendOn(channel: channel)
      }
      if wake {
        listeners?.wake()
        operators?.wake()
      }
    }
    voices.report { [weak service] in service?.post(.input($0)) }
    let access = RoomAccess(surroundings.gates, origins: settings.access.allowedOrigins)
    handlers = RoomHandlers(service, parts, access: access, files: surroundings.files, channel: channels.members)
    studio = StudioHandlers(
      { [audiences = surroundings.audiences] in Self.studioStreams(streams, audiences) }, access: access,
      files: surroundings.files,
      room: { [service] (invite) throws(RoomError) in try service.room(ofHost: invite) })
  }

  /// Header fields of server-sent events. nginx would collect the events (`proxy_buffering`) without this field.
  static let eventHeaders = [(name: "X-Accel-Buffering", value: "no")]

  /// Tells all pages that the server restarts, and ends the threads.
  func stop() {
    service.stop()
    voices.stop()
    records.stop(within: .milliseconds(200))
    chat?.stop(within: .milliseconds(200))
  }

  private static func studioStreams(_ directory: StreamDirectory, _ audiences: Audiences) -> [StudioHandlers.Stream] {
    directory.now.entries.map { entry in
      let (stream, settings) = (entry.stream, entry.stream.settings)
      return StudioHandlers.Stream(
        name: stream.name, room: settings.sourceRoom, fallback: settings.fallbacks.first,
        underVoice: settings.underVoice,
        title: { stream.nowPlaying.latest.title }, listeners: { audiences[entry.channel].figures.now })
    }
  }

  /// The rooms of streams with tokens of their own, also of streams that are gone.
  private static func closedRooms(of streams: StreamDirectory) -> Set<RoomName> {
    let state = streams.now
    return RoomStreams.closedRooms(of: state.entries + state.removed)
  }

  /// The place that each stream has come to.
  private static func anchors(of streams: StreamDirectory) -> [(RoomName, StreamAnchor)] {
    let now = MonotonicTime.now
    return streams.streams.compactMap { stream in
      guard let room = RoomName(stream.name.text), let position = stream.position(at: now) else { return nil }
      let anchor = StreamAnchor(
        monotonic: .nanoseconds(now.nanoseconds), sample: position.sample, date: position.date, rate: stream.sampleRate)
      return (room, anchor)
    }
  }
}

extension RoomsSettings {
  fileprivate init(_ choices: RoomSettings, _ settings: StationSettings) {
    self.init()
    limits.rooms = choices.maxRooms
    // As many as a quarter, unless an address has no limit at all (`--max-per-address 0`).
    limits.roomsPerAddress = settings.endpoints.maxPerAddress > 0 ? max(1, choices.maxRooms / 4) : nil
    limits.members = choices.maxMembers
    limits.rate = choices.messageRate
    limits.messageBytes = choices.longestMessage
    openRole = choices.openRole.map { $0 == .listener ? .listener : .talker }
    hasCalls = choices.hasCalls
    streams = RoomStreams(settings.streams)
  }
}

extension RoomStreams {
  /// - Parameter streams: in the order of the settings.
  init(_ streams: [StreamSettings]) {
    self.init()
    for stream in streams {
      if let room = stream.sourceRoom { sourceOf[room, default: []].append(stream.name.text) }
      // A stream's name follows the grammar of a room's name; a word that rooms reserve has no room.
      guard let room = RoomName(stream.name.text) else { continue }
      named[room] = StreamRoom(admitsListeners: stream.hasRoom)
    }
  }

  /// The streams of a station at one moment. A stream that could not be started again takes no sound.
  init(_ state: StreamDirectory.State) {
    self.init(state.entries.map(\.stream.settings))
    let silent = state.entries.filter(\.isStopped).map(\.name.text)
    sourceOf = sourceOf.mapValues { $0.filter { !silent.contains($0) } }.filter { !$0.value.isEmpty }
    guarded = Set(state.removed.compactMap { RoomName($0.name.text) })
  }

  /// The rooms of the streams that have tokens of their own.
  static func closedRooms(of entries: [StreamDirectory.Entry]) -> Set<RoomName> {
    Set(entries.filter(\.stream.settings.hasTokens).compactMap { RoomName($0.name.text) })
  }
}
