import Audio
import Core
import HLS
import HTTP
import System

/// `/station.json`: the station and its streams, for the page of the station and for programs.
struct StationDocument: Sendable {
  private let identity: Identity
  private let pages: Replaceable<StationPages>
  private let streams: StreamDirectory
  private let audiences: Audiences
  private let gates: Gates
  /// The header fields by which pages of other sites may read the document.
  private let crossOrigin: [(name: String, value: String)]

  init(
    _ identity: Identity, _ pages: Replaceable<StationPages>, _ streams: StreamDirectory, _ audiences: Audiences,
    _ gates: Gates, crossOrigin: [(name: String, value: String)]
  ) {
    self.pages = pages
    (self.identity, self.streams, self.audiences, self.gates) = (identity, streams, audiences, gates)
    self.crossOrigin = crossOrigin
  }

  func response(to request: Request) -> Response {
    let entries = streams.now.entries
    let isOpen = entries.allSatisfy { !gates.listeners[$0.name].isClosed }
    let audience = Audience(caches: isOpen ? .all : .own, crossOrigin: crossOrigin)
    let listed = entries.map { JSON.object(members(of: $0.stream, audiences[$0.channel], for: request)) }
    let content =
      [("name", .string(identity.name ?? Identity.defaultName))] + Self.texts(of: identity)
      + Self.members(of: pages.value.faces.station, in: "station") + [("streams", JSON.array(listed))]
    // The page takes the token out of its address. From now on the browser shows the token in its cookies.
    let kept = gates.listeners.keeping(for: request, listeningTo: entries.map(\.name), port: gates.port)
    let cacheControl = !kept.isEmpty ? "private, no-store" : isOpen ? "no-cache" : "private, no-cache"
    return Representation.news(
      .object(content), at: .now, cacheControl: cacheControl, headers: audience.headers + kept
    ).response(to: request)
  }

  private func members(
    of stream: LiveStream, _ counter: ListenerCounter, for request: Request
  ) -> [(String, JSON)] {
    let faces = pages.value.faces
    let (state, identity) = (stream.state, stream.settings.identity)
    let name = stream.name.text
    let known: [(String, JSON)] =
      [("name", .string(name)), ("title", Self.text(identity.name))] + Self.texts(of: identity)
      + Self.members(of: faces.streams[stream.name] ?? Face(), in: faces.hasOwnLogo(stream.name) ? name : "station") + [
        ("on_air", .bool(state.isOnAir)), ("state", .string(state.rawValue)),
      ]
    guard gates.listeners.passAmongOthers(for: request, listeningTo: stream.name, port: gates.port) != nil else {
      return known + [("private", .bool(true))]
    }
    let playing = stream.nowPlaying.latest
    return known + [
      ("now_playing", playing == .nothing ? .null : playing.json), ("listeners", .number(counter.figures.now)),
      ("page", .string(name)), ("playlist", .string("\(name).m3u8")),
      ("low_latency_playlist", .string("\(name)-ll.m3u8")), ("endless", .string("\(name).mp3")),
    ]
  }

  /// The address of the logo, and the colour.
  private static func members(of face: Face, in folder: String) -> [(String, JSON)] {
    [("logo", text(face.logo.map { _ in "\(folder)/logo" })), ("accent", text(face.accent?.text))]
  }

  /// The texts beside the name.
  private static func texts(of identity: Identity) -> [(String, JSON)] {
    [
      ("description", text(identity.description)), ("genre", text(identity.genre)),
      ("homepage", text(identity.homepage)),
    ]
  }

  private static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}
