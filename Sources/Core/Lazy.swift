import Synchronization

/// A value that is made at its first use, on the thread that uses it. Two threads that use it at once may both make it.
package struct Lazy<Value: Sendable>: Sendable {
  private final class Slot: Sendable {
    let value = AtomicLazyReference<Box>()
  }

  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) {
      self.value = value
    }
  }

  private let slot = Slot()
  private let make: @Sendable () -> Value

  package init(_ make: @escaping @Sendable () -> Value) {
    self.make = make
  }

  package var value: Value {
    (slot.value.load() ?? slot.value.storeIfNil(Box(make()))).value
  }
}
