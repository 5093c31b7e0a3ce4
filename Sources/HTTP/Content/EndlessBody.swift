import Synchronization

/// A sequence of growing bodies, read as one content without an end. One writer appends; nothing is copied. A body is
/// freed when no reader needs it any more.
package final class EndlessBody: Growing {
  /// One of the bodies, and its successor.
  final class Link: Sendable {
    let body: GrowingBody
    /// The start of the content in the body. The bytes before it belong to the body alone.
    let start: Int
    /// Bytes of the content in the earlier bodies.
    let offset: Int
    fileprivate let successor = AtomicLazyReference<Link>()

    fileprivate init(_ body: GrowingBody, from start: Int, offset: Int) {
      self.body = body
      self.start = start
      self.offset = offset
    }

    /// The successor; nil until there is one. Then this body is complete.
    var next: Link? { successor.load() }

    fileprivate var end: Int { offset + max(0, body.count - start) }
  }

  /// The place where a reader begins. It keeps that body and all later ones in memory.
  package struct Place: Sendable {
    let link: Link
    /// An offset in the body of the link.
    let position: Int

    /// Bytes of the content before the place.
    package var offset: Int { link.offset + position - link.start }
  }

  let capacity: Int
  let lagTimeout: Duration
  /// Whether a reader that has taken a body goes on with the latest one, and leaves out those between.
  private let skips: Bool
  private let latest = Mutex<Link?>(nil)

  /// - Parameters:
  ///   - capacity: the most bytes that may wait for a reader.
  ///   - lagTimeout: a reader with more bytes waiting for so long is disconnected. A shorter lag is forgiven, because
  ///     many bytes may be appended at once.
  ///   - skips: whether a reader that has taken a body goes on with the latest one.
  package init(capacity: Int, lagTimeout: Duration, skips: Bool = false) {
    self.capacity = capacity
    self.skips = skips
    self.lagTimeout = lagTimeout
  }

  /// Continues the content with another body. The body before is complete. Called by the one writer.
  /// - Parameter start: the bytes of the body to leave out.
  package func append(_ body: GrowingBody, from start: Int) {
    latest.withLock { latest in
      let link = Link(body, from: start, offset: latest?.end ?? 0)
      _ = latest?.successor.storeIfNil(link)
      latest = link
    }
  }

  /// The body with which a reader goes on behind a link; nil until there is one.
  func next(after link: Link) -> Link? {
    guard let next = link.next else { return nil }
    return skips ? latest.withLock { $0 } ?? next : next
  }

  /// A place in the latest body. There must be one.
  package func place(at position: Int) -> Place {
    Place(link: latest.withLock { $0! }, position: position)
  }

  /// Bytes of the content so far.
  var count: Int { latest.withLock { $0?.end ?? 0 } }

  /// Whether the latest body is finished. Then it is the last one.
  var isFinished: Bool { latest.withLock { $0?.body.isFinished ?? false } }
}

/// An endless body, as the content of an answer that ends with the connection.
package struct Endless: Sendable {
  let body: EndlessBody
  let place: EndlessBody.Place
  let inserts: Inserts?
  /// The group of answers that it is sent on with; see `Server.sendOn`.
  var channel = 0
  /// Ends this answer alone; nil where nothing does.
  var cutoff: Cutoff?

  /// - Parameter inserts: blocks between the bytes; nil for none.
  package init(_ body: EndlessBody, from place: EndlessBody.Place, inserts: Inserts? = nil) {
    self.body = body
    self.place = place
    self.inserts = inserts
  }
}
