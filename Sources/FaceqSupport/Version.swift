/// The version of faceq: what `faceq --version` prints and model files remember, and what the library, the wheels and the
/// Debian packages are named by.
public let faceqVersion = "0.2.0"
