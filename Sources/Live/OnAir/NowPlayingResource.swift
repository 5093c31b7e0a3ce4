import Core
import HLS
import HTTP
import System

/// `/<stream>/metadata`: the title now playing. Listeners read it, and operators replace it.
struct NowPlayingResource {
  private static let methods = "GET, HEAD, OPTIONS, PUT"

  let nowPlaying: NowPlayingMailbox

  /// Answers a request that has been let in already.
  func reply(to request: Request) -> Reply {
    switch request.method {
    case .get, .head:
      let now = WallTime.now
      return .respond(
        Representation.news(nowPlaying.latest.json, at: now, headers: []).response(to: request))
    case .put: return replace(request)
    case .options: return .respond(Response(status: 204, headers: [(name: "Allow", value: Self.methods)]))
    case .other: return .respond(.methodNotAllowed(but: Self.methods))
    }
  }

  /// RFC 9110 §9.3.4: the content replaces the title now playing.
  private func replace(_ request: Request) -> Reply {
    // §14.4: a server that does not know of partial PUT "SHOULD respond with a 400".
    guard request.header("Content-Range") == nil else { return refuse(400, "it can't be replaced in part") }
    guard request.isJSON else { return refuse(415, "the content must be application/json") }
    guard let content = request.content else { return .content(atMost: NowPlaying.mostContent) }
    do throws(NowPlaying.Unreadable) {
      nowPlaying.set(try NowPlaying(content: content))
    } catch {
      return refuse(400, "\(error)")
    }
    return .respond(Response(status: 204, headers: [(name: "Cache-Control", value: "no-store")]))
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
