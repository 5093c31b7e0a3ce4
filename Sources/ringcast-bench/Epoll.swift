import CEpoll
import Glibc

/// An epoll instance, edge-triggered: whoever is told reads until nothing is left (epoll(7)).
struct Epoll: ~Copyable {
  private let descriptor: Int32
  private var events: [epoll_event]

  init() throws(SystemError) {
    descriptor = try SystemError.check("epoll_create1", epoll_create1(0))
    events = Array(repeating: epoll_event(), count: 256)
  }

  deinit {
    close(descriptor)
  }

  /// Watches a socket for good: the kernel forgets it when it is closed.
  func add(_ socket: Int32, number: Int) throws(SystemError) {
    let interest = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    var event = epoll_event(events: interest, data: epoll_data_t(u64: UInt64(number)))
    try SystemError.check("epoll_ctl", epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event))
  }

  /// Waits for at most so many milliseconds; returns how many sockets something happened on.
  mutating func wait(milliseconds: Int) -> Int {
    Int(max(0, epoll_wait(descriptor, &events, Int32(events.count), Int32(milliseconds))))
  }

  /// The number of a socket that the last wait told of, and whether its other end is gone.
  subscript(index: Int) -> (number: Int, isGone: Bool) {
    let gone = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue
    return (Int(events[index].data.u64), events[index].events & gone != 0)
  }
}
