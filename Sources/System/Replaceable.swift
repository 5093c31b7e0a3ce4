import Synchronization

/// A value that one thread replaces while others read it.
package final class Replaceable<Value: Sendable>: Sendable {
  private let state: Mutex<Value>

  package init(_ value: Value) {
    state = Mutex(value)
  }

  package var value: Value { state.withLock { $0 } }

  package func replace(by value: Value) { state.withLock { $0 = value } }
}
