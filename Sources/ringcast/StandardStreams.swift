import Glibc

/// The descriptors 0, 1 and 2.
enum StandardStreams {
  /// Takes the place of those that are closed. Otherwise the next files and sockets would get their numbers, and the program
  /// would write its log into a connection, or read its sound from one. Each use of such a stream fails: /dev/null is opened
  /// for the other direction.
  static func occupy() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 {
      // open(2): the lowest number that is free. Those below this one are taken by now.
      _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
    }
  }
}
