import Synchronization

/// Growing bodies that follow one another, read as one content without an end. One writer appends; nothing is copied, and
/// a body that nobody reads or points into any more is let go.
package final class EndlessBody: Growing {
  /// One of the bodies, and the one after it.
  final class Link: Sendable {
    let body: GrowingBody
    /// Where the content begins in the body: what is before belongs to the body alone.
    let start: Int
    /// Bytes of the content in the bodies before.
    let offset: Int
    fileprivate let successor = AtomicLazyReference<Link>()

    fileprivate init(_ body: GrowingBody, from start: Int, offset: Int) {
      (self.body, self.start, self.offset) = (body, start, offset)
    }

    /// Nil where there is none yet. Where there is one, this body has all its bytes.
    var next: Link? { successor.load() }

    fileprivate var end: Int { offset + max(0, body.count - start) }
  }

  /// Where a reader begins. It keeps that body, and all that come after it.
  package struct Place: Sendable {
    let link: Link
    /// In the link's body.
    let position: Int

    /// Bytes of the content before it.
    package var offset: Int { link.offset + position - link.start }
  }

  let capacity: Int
  let patience: Int
  private let latest = Mutex<Link?>(nil)

  /// - Parameters:
  ///   - capacity: the most bytes that may wait for a reader. Who is further behind is given up,
  ///   - patience: but not before so many nanoseconds: much may come at once, and then it is nobody's fault.
  package init(capacity: Int, patience: Int) {
    (self.capacity, self.patience) = (capacity, patience)
  }

  /// Goes on in another body, past its first bytes; the one before has all its bytes. Called by the one writer.
  package func append(_ body: GrowingBody, from start: Int) {
    latest.withLock { latest in
      let link = Link(body, from: start, offset: latest?.end ?? 0)
      _ = latest?.successor.storeIfNil(link)
      latest = link
    }
  }

  /// A place in the latest body, which there must be.
  package func place(at position: Int) -> Place {
    Place(link: latest.withLock { $0! }, position: position)
  }

  /// Bytes of the content so far.
  var count: Int { latest.withLock { $0?.end ?? 0 } }

  /// Whether the latest body is finished: it is the last one.
  var isFinished: Bool { latest.withLock { $0?.body.isFinished ?? false } }
}

/// An endless body, as an answer's content: to the end of the connection.
package struct Endless: Sendable {
  let body: EndlessBody
  let place: EndlessBody.Place
  let inserts: Inserts?

  /// - Parameter inserts: what is put between its bytes.
  package init(_ body: EndlessBody, from place: EndlessBody.Place, inserts: Inserts? = nil) {
    (self.body, self.place, self.inserts) = (body, place, inserts)
  }
}
