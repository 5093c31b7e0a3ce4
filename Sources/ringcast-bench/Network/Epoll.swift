import CEpoll
import Glibc
import System

/// An edge-triggered epoll instance: after an event, the socket must be read until it is empty (epoll(7)).
struct Epoll: ~Copyable {
  /// The most events of one poll.
  static let room = 256

  private let descriptor: Int32
  private var events: [epoll_event]

  init() throws(SystemError) {
    descriptor = try SystemError.check("epoll_create1", epoll_create1(0))
    events = Array(repeating: epoll_event(), count: Self.room)
  }

  deinit {
    close(descriptor)
  }

  /// Watches a socket until it is closed.
  func add(_ socket: Int32, number: Int) throws(SystemError) {
    let interest = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    var event = epoll_event(events: interest, data: epoll_data_t(u64: UInt64(number)))
    try SystemError.check("epoll_ctl", epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event))
  }

  /// Returns the number of sockets with events, at most `room`; never waits.
  mutating func poll() -> Int {
    Int(max(0, epoll_wait(descriptor, &events, Int32(Self.room), 0)))
  }

  /// The number of a socket with an event in the last poll, and whether its other end is closed.
  subscript(index: Int) -> (number: Int, isGone: Bool) {
    let gone = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue
    return (Int(events[index].data.u64), events[index].events & gone != 0)
  }
}
