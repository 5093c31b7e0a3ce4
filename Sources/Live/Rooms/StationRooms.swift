import Core
import HTTP
import Logging
import Rooms
import System

/// The rooms of a station, from their settings: the service and its handlers.
struct StationRooms: Sendable {
  let service: RoomsService
  let handlers: RoomHandlers
  private let chat: ChatKeeper?
  let voices: StationVoices

  /// Everything of the station that the rooms use.
  struct Surroundings: Sendable {
    let streams: StreamDirectory
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

  /// Starts the rooms' thread; with `--room-history` the disk's thread, too.
  init(_ settings: StationSettings, _ choices: RoomSettings, in surroundings: Surroundings, log: Log) {
    let channels = RoomChannels(settings)
    let news = RoadNews()
    chat =
      choices.keepsHistory
      ? ChatKeeper(
        ChatFolder(in: settings.streams[0].soundDirectory), mostRooms: 4 * choices.maxRooms, log: log) : nil
    let streams = surroundings.streams
    voices = surroundings.voices
    let headers = surroundings.headers + Self.eventHeaders
    let parts = RoomsParts(
      settings: RoomsSettings(choices, streams: settings.streams), seal: surroundings.seal,
      audiences: RoomAudiences(channels: channels.audiences, headers: headers, news: news),
      requestRoads: RequestRoads(), list: RoomList(channel: channels.list, headers: headers, news: news),
      news: news, chat: chat, voices: voices, anchors: { Self.anchors(of: streams) },
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
    handlers = RoomHandlers(
      service, parts, access: RoomAccess(surroundings.gates, origins: settings.access.allowedOrigins),
      files: surroundings.files, channel: channels.members)
  }

  /// Header fields of server-sent events. nginx would collect the events (`proxy_buffering`) without this field.
  static let eventHeaders = [(name: "X-Accel-Buffering", value: "no")]

  /// Tells all pages that the server restarts, and ends the threads.
  func stop() {
    service.stop()
    voices.stop()
    chat?.stop(within: .milliseconds(200))
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
  fileprivate init(_ choices: RoomSettings, streams: [StreamSettings]) {
    self.init()
    limits.rooms = choices.maxRooms
    limits.members = choices.maxMembers
    limits.rate = choices.messageRate
    limits.messageBytes = choices.longestMessage
    openRole = choices.openRole.map { $0 == .listener ? .listener : .talker }
    hasCalls = choices.hasCalls
    for stream in streams {
      // A stream's name follows the grammar of a room's name; a word that rooms reserve has no room.
      guard let room = RoomName(stream.name.text) else { continue }
      self.streams[room] = StreamRoom(admitsListeners: stream.hasRoom)
    }
    for stream in streams {
      if let room = stream.sourceRoom { sourceOf[room, default: []].append(stream.name.text) }
    }
  }
}
