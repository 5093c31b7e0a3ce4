/// A request of the shell that waits for `RoomsAction.answer`. The shell numbers its requests.
package struct RequestID: Hashable, Sendable {
  package let number: Int

  package init(_ number: Int) {
    self.number = number
  }
}
