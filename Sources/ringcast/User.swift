import CProcess
import Glibc
import Live

/// A user that the process becomes, with no way back.
struct User {
  let name: String
  private let number: uid_t
  private let group: gid_t
  private let home: String

  /// Looks up a user other than root, whom this process can become.
  init(_ name: String) throws(InvalidInput) {
    guard geteuid() == 0 else {
      throw InvalidInput(.user, name, "only root can become another user, and this is user \(geteuid())")
    }
    try self.init(lookingUp: name)
  }

  /// Looks up a user other than root, whom root can become (getpwnam_r).
  init(lookingUp name: String) throws(InvalidInput) {
    var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
    var text = [CChar](repeating: 0, count: 65_536)
    guard getpwnam_r(name, &entry, &text, text.count, &found) == 0, found != nil else {
      throw InvalidInput(.user, name, "there is no such user")
    }
    guard entry.pw_uid != 0 else { throw InvalidInput(.user, name, "it must not be root") }
    self.name = name
    number = entry.pw_uid
    group = entry.pw_gid
    home = String(cString: entry.pw_dir)
  }

  /// Becomes that user, with all the user's groups, whose rights the process needs, mostly for the sound card; and makes
  /// sure that nothing leads back. glibc changes the ids of every thread (nptl(7)).
  func become() throws(InvalidInput) {
    try check("initgroups", initgroups(name, group) == 0)
    try check("setgid", setgid(group) == 0)
    try check("setuid", setuid(number) == 0)
    // For root, setuid and setgid set the saved ones too: where one of them is left, this succeeds.
    try check("setuid", setuid(0) != 0 && seteuid(0) != 0 && geteuid() == number && getuid() == number)
    try check("setgid", group == 0 || setgid(0) != 0 && setegid(0) != 0 && getegid() == group && getgid() == group)
    // ALSA and PulseAudio look there for settings.
    for (variable, value) in [("HOME", home), ("USER", name), ("LOGNAME", name)] { setenv(variable, value, 1) }
  }

  /// No program that this process runs gets more rights than the process has (PR_SET_NO_NEW_PRIVS). To be called while there
  /// is one thread only: the threads that start later inherit it.
  static func renouncePrivileges() {
    let code = process_renounce_privileges()
    precondition(code == 0, "prctl: \(String(cString: strerror(errno)))")
  }

  private func check(_ call: String, _ holds: Bool) throws(InvalidInput) {
    guard !holds else { return }
    throw InvalidInput(.user, name, "it cannot be done: \(String(cString: strerror(errno))) (\(call))")
  }
}
