package import Synchronization

/// A value that is made at its first use, on the thread that uses it. Two threads that use it at once may both make it.
///
/// Inlinable, so that another target's use knows the type of the value: looking the type up at run time takes longer than
/// reading the value.
package struct Lazy<Value: Sendable>: Sendable {
  @usableFromInline
  final class Slot: Sendable {
    @usableFromInline let value = AtomicLazyReference<Box>()

    @inlinable
    init() {}
  }

  @usableFromInline
  final class Box: Sendable {
    @usableFromInline let value: Value

    @inlinable
    init(_ value: Value) {
      self.value = value
    }
  }

  @usableFromInline let slot: Slot
  @usableFromInline let make: @Sendable () -> Value

  @inlinable
  package init(_ make: @escaping @Sendable () -> Value) {
    slot = Slot()
    self.make = make
  }

  /// Whether the other one is a copy of this one: both make the value once.
  package func isSame(as other: Lazy) -> Bool { slot === other.slot }

  @inlinable
  package var value: Value {
    (slot.value.load() ?? slot.value.storeIfNil(Box(make()))).value
  }
}
