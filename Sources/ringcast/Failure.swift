import Synchronization

/// Whether a stream has failed, which is the end of the program: the service manager starts it again.
final class Failure: Sendable {
  private let noted = Atomic(false)

  var isNoted: Bool { noted.load(ordering: .acquiring) }

  func note() {
    noted.store(true, ordering: .releasing)
  }
}
