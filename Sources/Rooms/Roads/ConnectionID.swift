/// A connection of a page to a room, over any road. The shell numbers the connections and never uses a number again.
package struct ConnectionID: Hashable, Sendable {
  package let number: Int

  package init(_ number: Int) {
    self.number = number
  }
}
