import Glibc

/// The rights of the files that the process makes.
enum FileRights {
  /// Users who are neither the owner nor in the group get no right to any file of the station: the sound may be private, and
  /// the access log says who listens (umask(2)). A stricter mask of the person who starts the program stays.
  static func keepFromOthers() {
    let mask = umask(0o777)
    umask(mask | 0o027)
  }
}
