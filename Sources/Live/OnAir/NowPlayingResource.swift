import Core
import HLS
import HTTP
import System

/// `/<stream>/metadata`: the title now playing. Listeners read it, and operators replace it.
struct NowPlayingResource {
  private static let methods = "GET, HEAD, OPTIONS, PUT"
  /// The answer to OPTIONS.
  static let options = Response(status: 204, headers: [(name: "Allow", value: methods)])

  let nowPlaying: NowPlayingMailbox

  /// Answers a request that has been let in already.
  func reply(to request: Request) -> Reply {
    switch request.method {
    case .get, .head:
      let now = WallTime.now
      return .respond(
        Representation.news(nowPlaying.latest.json, at: now, headers: []).response(to: request))
    case .put: return replace(request)
    case .options: return .respond(Self.options)
    case .other: return .respond(.methodNotAllowed(but: Self.methods))
    }
  }

  /// RFC 9110 §9.3.4: the content replaces the title now playing.
  private func replace(_ request: Request) -> Reply {
    // §14.4: a server that does not know of partial PUT "SHOULD respond with a 400".
    guard request.header("Content-Range") == nil else { return refuse(400, "it can't be replaced in part") }
    guard request.isJSON else { return refuse(415, "the content must be application/json") }
    guard let content = request.content else {
      // RFC 9110 §13.2.1: the preconditions are evaluated "just before it would process the request content".
      if let refusal = refusal(of: request, where: nowPlaying.latest, nowPlaying.changed) { return .respond(refusal) }
      return .content(atMost: NowPlaying.mostContent)
    }
    let playing: NowPlaying
    do throws(NowPlaying.Unreadable) {
      playing = try NowPlaying(content: content)
    } catch {
      return refuse(400, "\(error)")
    }
    // Once more: another request may have changed the title meanwhile.
    let refused = nowPlaying.set(playing) { refusal(of: request, where: $0, $1) }
    return .respond(refused ?? Response(status: 204, headers: [(name: "Cache-Control", value: "no-store")]))
  }

  /// The answer to a request whose preconditions are false for that title; nil where they hold.
  private func refusal(of request: Request, where playing: NowPlaying, _ changed: WallTime) -> Response? {
    Representation.news(playing.json, at: changed, headers: []).refusal(ofChangeBy: request)
  }

  private func refuse(_ status: Int, _ reason: String) -> Reply { .respond(.text(status, "\(reason)\n")) }
}

extension Request {
  /// RFC 9110 §8.3.1: the type's name is case-insensitive, and parameters may follow.
  fileprivate var isJSON: Bool {
    let type = header("Content-Type")?.prefix { $0 != ";" && !$0.isWhitespace }
    return type?.lowercased() == "application/json" && header("Content-Encoding") == nil
  }
}
