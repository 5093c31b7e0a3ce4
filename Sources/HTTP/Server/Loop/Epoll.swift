import CEpoll
import Glibc
import System

/// Tells which descriptors are ready (epoll(7)).
struct Epoll: ~Copyable {
  struct Events: OptionSet {
    let rawValue: UInt32

    static let input = Events(rawValue: EPOLLIN.rawValue)
    static let output = Events(rawValue: EPOLLOUT.rawValue)
    /// The other end has closed, or has ended its side, or the descriptor has failed.
    static let hangUp = Events(rawValue: EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
    /// An event tells a change, and comes once.
    static let edge = Events(rawValue: 1 << 31)
    /// Of several epolls that watch the descriptor, not all are woken.
    static let exclusive = Events(rawValue: 1 << 28)
  }

  private let descriptor: Int32
  private var ready = [epoll_event](repeating: epoll_event(), count: 256)

  init() throws(SystemError) {
    descriptor = try SystemError.check("epoll_create1", epoll_create1(Int32(EPOLL_CLOEXEC)))
  }

  deinit {
    close(descriptor)
  }

  /// - Parameter key: given back with each event of the descriptor.
  func add(_ watched: Int32, _ events: Events, key: UInt64) throws(SystemError) {
    var event = epoll_event(events: events.rawValue, data: epoll_data_t(u64: key))
    try SystemError.check("epoll_ctl", epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event))
  }

  /// Closing a descriptor removes it, too.
  func remove(_ watched: Int32) {
    epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, nil)
  }

  /// Waits for events.
  /// - Parameter milliseconds: the longest wait; -1 waits for ever.
  /// - Returns: the number of events, for `event`.
  mutating func wait(_ milliseconds: Int32) -> Int {
    Int(max(0, epoll_wait(descriptor, &ready, Int32(ready.count), milliseconds)))
  }

  func event(_ index: Int) -> (key: UInt64, events: Events) {
    (ready[index].data.u64, Events(rawValue: ready[index].events))
  }
}
