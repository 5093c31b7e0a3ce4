import HTTP
import Logging
import Synchronization

/// The gates of the listeners: that of the station, and that of each stream with tokens of its own.
final class ListenerGates: Sendable {
  private let station: TokenGate
  private let own: Mutex<[StreamName: TokenGate]>

  init(_ station: TokenGate) {
    self.station = station
    own = Mutex([:])
  }

  /// Reads the token files. A file that cannot be opened now is awaited, or an error where `awaited` is nil.
  init(_ settings: StationSettings, awaited: AwaitedTokens?, log: Log) throws(InvalidInput) {
    station = try Self.gate(
      .listeners, settings.access.listenToken, settings.access.listenTokenFile, awaited, log)
    var own: [StreamName: TokenGate] = [:]
    for stream in settings.streams where stream.hasTokens {
      do {
        own[stream.name] = try Self.gate(
          .listeners(of: stream.name), stream.listenToken, stream.listenTokenFile, awaited, log)
      } catch {
        throw settings.naming(stream, in: error)
      }
    }
    self.own = Mutex(own)
  }

  /// Takes the gates of the streams from others, which new settings have made. A stream that the new settings do not have keeps
  /// its gate: its last segments are there until the program ends.
  /// - Parameter streams: the names in the new settings.
  func takeStreams(_ streams: [StreamName], of other: ListenerGates) {
    let others = other.own.withLock { $0 }
    own.withLock { own in own = own.filter { !streams.contains($0.key) }.merging(others) { _, new in new } }
  }

  /// Whether a stream has tokens of its own.
  var areSeveral: Bool { own.withLock { !$0.isEmpty } }

  var all: [TokenGate] { [station] + own.withLock { $0 }.values }

  /// The gate of a stream. Where there is no such stream, that of the station.
  subscript(stream: StreamName) -> TokenGate { own.withLock { $0[stream] } ?? station }

  /// The gate of the station, which has streams without tokens of their own, and rooms.
  var ofStation: TokenGate { station }

  /// The leave for a request to listen to a stream; nil where the request shows no valid token.
  func pass(for request: Request, listeningTo stream: StreamName, port: UInt16) -> TokenGate.Pass? {
    self[stream].pass(for: request, to: .listen(to: stream), port: port)
  }

  /// The leave to see what a stream plays, for a request that concerns every stream.
  func passAmongOthers(for request: Request, listeningTo stream: StreamName, port: UInt16) -> TokenGate.Pass? {
    self[stream].pass(for: request, to: .listen(to: stream), port: port, isAlone: false)
  }

  /// The header fields with which a browser keeps the token in the query of a request that concerns every stream: a cookie
  /// for each gate that the token opens. A browser sends its cookies with each request, and the head of a request has a
  /// limit, so the gates of streams beyond `mostKept` get none.
  /// - Parameter streams: in the order of the station.
  func keeping(
    for request: Request, listeningTo streams: [StreamName], port: UInt16
  ) -> [(name: String, value: String)] {
    guard request.query.contains(where: { $0.name == "token" }) else { return [] }
    let closed = own.withLock { $0 }
    let gates = [(StreamName.live, station)] + streams.compactMap { name in closed[name].map { (name, $0) } }
    let fields = gates.flatMap { stream, gate in
      gate.pass(for: request, to: .listen(to: stream), port: port).map { gate.keeping($0, for: request, port: port) }
        ?? []
    }
    return Array(fields.prefix(Self.mostKept))
  }

  /// The cookies of one answer.
  private static let mostKept = 16

  private static func gate(
    _ source: TokenGate.Source, _ single: Token?, _ file: String?, _ awaited: AwaitedTokens?, _ log: Log
  ) throws(InvalidInput) -> TokenGate {
    if let awaited, let file, MissingFile.reason(file) != nil {
      let gate = TokenGate(source, single: single, waitingFor: file, log: log)
      awaited.add(gate)
      return gate
    }
    return try TokenGate(source, single: single, file: file, log: log)
  }
}
