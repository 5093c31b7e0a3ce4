import Core
import HLS
import HTTP
import Recordings
import System

/// Makes the podcast feed of a stream for a request: the feed has whole URLs of the host that the request names. Where the
/// request names none, or this machine, the URLs are relative to the address of the feed (RFC 3986 §4.2).
struct RecordingFeeds: Sendable {
  private let library: RecordingLibrary
  private let identity: Identity

  /// - Parameter identity: of the station.
  init(_ library: RecordingLibrary, _ identity: Identity) {
    (self.library, self.identity) = (library, identity)
  }

  /// - Parameters:
  ///   - isOnly: whether the station has no other stream: then the stream has the name of the station.
  ///   - token: the token in the query of the request. A podcast program has no other way to show a token.
  func response(
    to request: Request, for stream: StreamName, _ own: Identity, isOnly: Bool, token: Token?, _ audience: Audience
  ) -> Response {
    let address = PageAddress(request)
    let base = address == .unknown ? "/" : address.base
    let query = token.map { "?\($0.query)" } ?? ""
    let station = identity.name ?? Identity.defaultName
    let title = own.name ?? (isOnly ? station : "\(station) - \(stream)")
    let recordings = library.published(of: stream.text)
    let feed = PodcastFeed(
      title: title, description: own.description ?? identity.description ?? "Recordings of \(title)", author: station,
      page: "\(base)recordings/", url: "\(base)recordings/\(stream).rss\(query)", picture: "\(base)icon.png",
      items: recordings.map { stored in
        PodcastFeed.Item(
          id: stored.id, title: stored.title, chapters: stored.recording.titled.map(\.title),
          published: (stored.name.start.microseconds / 1000 + stored.recording.milliseconds) / 1000,
          milliseconds: stored.recording.milliseconds, size: stored.size,
          url: "\(base)recordings/\(stored.name.text)\(query)")
      })
    let newest = feed.items.first?.published ?? 0
    return Representation(
      Array(feed.text.utf8), contentType: "application/rss+xml; charset=utf-8",
      // The content depends on the host of the request, and a cache may ask for every host by one name.
      cacheControl: "private, no-cache", validators: .init(lastModified: newest), features: .compressed,
      headers: audience.headers
    ).response(to: request)
  }
}
